# What for_each cannot do, and references that lack or have a key too many.
variable "secret" {
  default   = ["a"]
  sensitive = true
}

host "api" {
  base_url = "http://localhost"
}

host "each" {
  for_each = { eu = "http://eu.localhost", us = "http://us.localhost" }
  base_url = each.value
  timeout  = each.val # error: "Unknown name: There is no each.val; there are each.key, each.value"
}

host "none" {
  for_each = {}
  base_url = "http://localhost"
}

host "list" {
  for_each = ["a", "b"] # error: "Not a map or a set: host for_each must be a map or a set of texts, whose order does not matter, not a list. Write .*toset"
  base_url = "http://localhost"
}

host "text" {
  for_each = "a" # error: "Not a map or a set: host for_each must be a map or a set of texts, such as .*toset\(\[.a., .b.\]\)}?.?, not a text"
  base_url = "http://localhost"
}

host "numbers" {
  for_each = toset([1, 2]) # error: "Not a map or a set: .*not a set of numbers"
  base_url = "http://localhost"
}

host "null" {
  for_each = null # error: "Missing value: host for_each must not be null. An empty map gives no block"
  base_url = "http://localhost"
}

host "empty_key" {
  for_each = toset([""]) # error: "Invalid key: host for_each: a key is empty"
  base_url = "http://localhost"
}

host "null_key" {
  for_each = toset(["a", null]) # error: "Invalid key: host for_each: a key is null"
  base_url = "http://localhost"
}

host "long_key" {
  for_each = toset([join("", [for n in range(129) : "x"])]) # error: "Invalid key: host for_each: a key has at most 128 bytes, and one has 129"
  base_url = "http://localhost"
}

host "strange_key" {
  for_each = toset(["a\nb"]) # error: "Invalid key: host for_each: the key .a\\nb. has a sign in it that cannot be shown"
  base_url = "http://localhost"
}

host "hidden" {
  for_each = toset(var.secret) # error: "Sensitive value would be shown: host for_each is part of the names of blocks"
  base_url = "http://localhost"
}

host "run_time" {
  for_each = toset([user.id]) # error: "Run-time name in a static place: user.id is known only while a user runs, but host for_each must be known before the run"
  base_url = "http://localhost"
}

host "too_many" {
  for_each = toset([for n in range(16385) : tostring(n)]) # error: "more than 1024 values"
  base_url = "http://localhost"
}

variable "each" {
  for_each = toset(["a"]) # error: "Unknown argument: There is no argument .for_each. in a variable"
  default  = 1
}

user_class "without" {
  host = host.each # error: "Reference without a key: host.each stands once for each element of its for_each. There is host.each\[.eu.\], host.each\[.us.\]"
  request "r" {
    path = "/${each.key}" # error: "No for_each here: each.key has a value only inside a block with for_each, and request path is not in one"
  }
}

user_class "unknown" {
  host = host.each["usa"] # error: "Unknown key: There is no host.each\[.usa.\]. Did you mean .us.. There is host.each"
  request "r" {
    path = "/"
  }
}

user_class "superfluous" {
  host = host.api["eu"] # error: "Key without for_each: host.api has no for_each, so there is one of it only: leave out the key"
  request "r" {
    path = "/"
  }
}

user_class "nobody" {
  host = host.none["eu"] # error: "Unknown key: There is no host.none\[.eu.\]. Its for_each is empty, so there is none"
  request "r" {
    path = "/"
  }
}

user_class "absent" {
  host = host.zzz["eu"] # error: "Unknown host: There is no host .zzz."
  request "r" {
    path = "/"
  }
}

user_class "run" {
  host = host.each[user.id] # error: "Run-time name in a static place: user.id is known only while a user runs, but a key in user_class host must be known before the run"
  request "r" {
    path = "/"
  }
}

user_class "keyed" {
  host = host.each[["a"]] # error: "Wrong kind of value: a key in user_class host must be a text"
  request "r" {
    path = "/"
  }
}

user_class "twice" {
  host = host.each["eu"]["us"] # error: "Not such a reference: user_class host must be a reference such as host.NAME, not host.each\[.eu.\].\[…\]"
  request "r" {
    path = "/"
  }
}

user_class "idle" { # error: "Nothing to do: The for_each of every request and flow of user_class idle is empty"
  host = host.api
  request "r" {
    for_each = {}
    path     = "/"
  }
}

user_class "members" {
  for_each = toset(["a", "b"])
  host     = host.api
  weight   = "many" # error: "Wrong kind of value: user_class weight must be a number"
  request "get" {
    for_each = toset(["x"])
    path     = "/${each.key}"
  }
  request "plain" {
    path = "/"
  }
}

probe "p" {
  for_each = toset(["a"])
  host     = host.api
  path     = "/"
  gauge "g" {
    for_each = toset(["x"])
    value    = response.json[each.key]
  }
}

probe "hollow" { # error: "Nothing to read: probe hollow has no gauge or counter blocks"
  host = host.api
  path = "/"
  gauge "g" {
    for_each = {}
    value    = response.json.x
  }
}

scenario "s" {
  user_classes = [user_class.members] # error: "Reference without a key: user_class.members stands once"
  stage "peak" {
    for_each = toset(["x"])
    users    = 1
    duration = "1m"
  }
}

scenario "stageless" { # error: "No stages: scenario stageless has no stage blocks"
  user_classes = [user_class.members["a"]]
  after        = [scenario.s["x"]] # error: "Key without for_each: scenario.s has no for_each"
  stage "peak" {
    for_each = {}
    users    = 1
    duration = "1m"
  }
}

threshold "request" {
  metric = metric.errors.rate
  target = "<= 1%"
  of     = user_class.members["a"].request.get # error: "Reference without a key: user_class.members\[.a.\].request.get stands once for each element"
  stages = [scenario.s.peak] # error: "Reference without a key: scenario.s.peak stands once"
}

threshold "plain" {
  metric = metric.errors.rate
  target = "<= 1%"
  of     = user_class.members["a"].request["plain"] # error: "Not such a reference: threshold of must be a reference such as .*, not user_class.members\[.a.\].request\[.plain.\]"
  stages = [scenario.s.peak["y"]] # error: "Unknown key: There is no scenario.s.peak\[.y.\]"
}

threshold "probe" {
  metric = probe.p.g["x"].max # error: "Reference without a key: probe.p stands once"
  target = "< 1"
}

threshold "gauge" {
  metric = probe.p["a"].g.max # error: "Reference without a key: probe.p\[.a.\].g stands once"
  target = "< 1"
}

threshold "key" {
  metric = probe.p["b"].g["x"].max # error: "Unknown key: There is no probe.p\[.b.\]. There is probe.p\[.a.\]"
  target = "< 1"
}
