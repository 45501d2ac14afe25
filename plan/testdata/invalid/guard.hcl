# Guards that would protect nothing.
guard "empty" { # error: "Missing argument: guard needs hosts = … .patterns of the targets"
}

guard "none" {
  hosts = [] # error: "Empty list: guard hosts is empty"
}

guard "text" {
  hosts = "example.org" # error: "Wrong kind of value: guard hosts must be a list of texts"
}

guard "null" {
  hosts       = [null, "a"] # error: "Missing value: guard hosts has null in it"
  acknowledge = ["", "a", " a "] # error: "Invalid line: guard acknowledge: .. is not one line of text" # error: "Line given twice: guard acknowledge has . a . twice"
}

guard "patterns" {
  hosts = ["http://example.org", "example.org/path", "[::1]", "example.org:80", "10.0.0.1/8", "10.0.0", "exa mple.org", "", "example..org", "bücher.example", "A", "a", "fe80::1%eth0", "::ffff:10.0.0.0/104"] # error: ". is a whole address; write only the name of the host" # error: ". is not a prefix of addresses such as 10.0.0.0/8" # error: ". has brackets around it; write the address alone" # error: ". has a port, or is no address; a guard is for all ports of a host" # error: ". has bits behind its prefix; write 10.0.0.0/8" # error: ". is no whole address; write a prefix" # error: ". has . . in it, which no name of a host has" # error: "guard hosts: .. is empty" # error: ". has an empty part between its dots" # error: ". has letters that are not ASCII; write the name as it is asked for, with xn--" # error: "Pattern given twice: guard hosts has .a. twice" # error: ". has a zone, which is known to one machine only" # error: ". is a prefix of IPv4 addresses in IPv6"
}

guard "window" {
  hosts     = ["a"]
  window    = "02:00-05:00" # error: "Invalid window: guard window .02:00-05:00.: write it like .02:00-05:00 UTC."
  max_users = 0 # error: "Number out of range: guard max_users must be between 1"
  max_rate  = 5 # error: "Invalid rate: guard max_rate needs to say per what time"
}

guard "zone" {
  hosts    = ["a"]
  window   = "02:00-05:00 Mars/Base" # error: "Invalid window: .*there is no time zone .Mars/Base.; write UTC, or a name such as Europe/Berlin"
  max_rate = "0/s" # error: "Invalid rate: guard max_rate must be greater than zero"
}

guard "local" {
  hosts  = ["a"]
  window = "02:00-05:00 Local" # error: "there is no time zone .Local."
}

guard "hours" {
  hosts  = ["a"]
  window = "25:00-05:00 UTC" # error: ".25:00. is not a time of the day such as .02:00."
}

guard "hours2" {
  hosts  = ["a"]
  window = "2:00-5am UTC" # error: "Invalid window: .*is not a time of the day"
}

guard "to" {
  hosts  = ["a"]
  window = "02:00-5am UTC" # error: "Invalid window: .*.5am. is not a time of the day"
}

guard "whole" {
  hosts  = ["a"]
  window = "02:00-02:00 UTC" # error: "it begins when it ends; leave it out where any time will do"
}

guard "late" {
  hosts  = ["a"]
  window = "24:00-02:00 UTC" # error: "it begins at 24:00; write 00:00"
}

variable "secret" {
  default   = "prod.example.org"
  sensitive = true
}

guard "hidden" {
  hosts       = [var.secret] # error: "Sensitive value would be shown: guard hosts is shown"
  window      = var.secret # error: "Sensitive value would be shown: guard window is shown"
  acknowledge = [var.secret] # error: "Sensitive value would be shown: guard acknowledge is shown"
}

guard "abort" {
  hosts = ["a"]
  abort { # error: "Missing argument: abort needs for"
    metric = metric.errors.rate
    bound  = "> 500ms" # error: "Bound that does not fit the metric: The metric is a ratio, but .500ms. is a time"
    window = "500ms" # error: "Invalid window: abort window must be one or more whole seconds"
  }
}

guard "abort2" {
  hosts = ["a"]
  abort {
    metric = metric.errors.rat # error: "Unknown statistic"
    bound  = "20%" # error: "Bound without an operator"
    for    = 0 # error: "Invalid duration: abort for must be longer than zero"
  }
}
