# spelling: hcl
# Blocks and arguments that are not there, not yet there, or there twice.
hots "api" { # error: "Unknown block: There is no block .hots. in a plan. Did you mean .host."
}

data "rows" { # error: "No rows"
}

host "api" {
  base_ulr = "http://localhost" # error: "Unknown argument: There is no argument .base_ulr. in a host. Did you mean .base_url."
  tls      = {} # error: "Unknown argument: tls is a block: write tls { … } without the equals sign"
  base_url = "http://localhost"
  headers { # error: "Unknown block: headers is an argument: write headers = … with an equals sign"
  }
  auth {
    bearer = "x"
  }
  auth { # error: "Block given twice: host may have one auth block; the first is at .*structure.hcl:\d+"
    bearer = "y"
  }
}

host "api" { # error: "Name declared twice: host.api is already declared at .*structure.hcl:\d+"
  base_url = "http://localhost"
}

host "no good" { # error: "Invalid name: .no good. cannot be a name"
  base_url = "http://localhost"
}

host "" { # error: "Invalid name"
  base_url = "http://localhost"
}

host "a.b" { # error: "Invalid name"
  base_url = "http://localhost"
}

host { # error: "Missing name for host"
  base_url = "http://localhost"
}

host "nowhere" { # error: "Missing argument: host needs base_url = … .where it is"
}

host "null" {
  base_url = null # error: "Missing value: host base_url must not be null"
}

user_class "u" {
  host = host.api
  request "r" {
    path = "/"
  }
  request "r" { # error: "Name declared twice: user_class.u.request.r is already declared"
    path = "/"
  }
}

locals {
  twice = 1
}

locals {
  twice = 2 # error: "Name declared twice: local.twice"
}

report "pdf" { # error: "Unknown kind of report: There is no report .pdf.; there are html, csv"
}

report "html" {
  path = "../escape.html" # error: "Invalid path of a report: report path leads out of the run's directory"
}

report "html" {
  path = "/tmp/x.html" # error: "report path is absolute"
}

report "html" {
  path = "a\\b" # error: "report path has a backslash"
}

report "html" {
  path = "C:x" # error: "report path has a sign in it"
}

report "html" {
  path = "dir/" # error: "report path names a directory"
}

report "html" {
  path = "" # error: "report path is empty"
}

report "json" {
  path = "./run.json" # error: "is that of the run's own record"
}

report "json" {
  path = "same"
}

report "csv" {
  path = "same" # error: "Reports in one file: The report at .*structure.hcl:\d+ is written to same too"
}
