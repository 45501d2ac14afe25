# What people write who come from another tool, or in a hurry.
request "r" { # error: "Unknown block: request blocks stand inside a user_class block"
  path = "/"
}

stage "s" { # error: "Unknown block: stage blocks stand inside a scenario block"
}

host "password" {
  base_url = "http://admin:hunter2@localhost" # error: "Invalid base_url: host base_url .not shown.: it has a user name in it"
}

host "api" {
  base_url = "http://localhost"
  headers  = { Content-Length = 5 } # error: "Invalid name of a header: Content-Length follows from what is sent"
  cookies  = "yes" # error: "Wrong kind of value: host cookies must be true or false, not .yes."
}

variable "given" {
  default = 7 # error: "Invalid value for variable given: too few\. The value is from: default\."
  validation {
    condition     = var.given > 100
    error_message = "too few"
  }
}

user_class "u" {
  host = host.api
  request "r" {
    path          = "/"
    body          = "${uuid}" # error: "Function without brackets: uuid is a function: write uuid"
    when          = true # error: "Unknown argument: when belongs to a request inside a flow"
    expect_status = ["300-200"] # error: "codes are from 100 to 599, and a range goes from the lower to the higher"
  }
}

scenario "long" {
  user_classes = [user_class.u]
  start_delay  = "8000h"
  stage "a" {
    users    = 1
    duration = "700h"
  }
  stage "b" { # error: "Scenario too long: With this stage scenario long lasts longer than a year"
    users    = "ten" # error: "Wrong kind of value: stage users must be a number, not .ten."
    duration = "2562047h"
  }
}

threshold "median" {
  metric = metric.response_time.median # error: "Unknown statistic: response_time has no .median.. Did you mean p50"
  target = "< 1s"
}

threshold "average" {
  metric = metric.response_time.avg # error: "Unknown statistic: response_time has no .avg.. Did you mean mean"
  target = "< 1s"
}

probe "busy" {
  host     = host.api
  path     = "/status"
  interval = "1ms" # error: "Invalid duration: probe interval must be at least 100ms"
  gauge "g" {
    value = tonumber(response.headers["X-Pool"]) # error: "Header in upper case: response.headers has its names in lower case: write response.headers\[.x-pool.\]"
  }
}

report "json" {
  path = "JUnit.xml" # error: "Invalid path of a report: report path is where every run has its junit report"
}

report "html" {
  path = "Page.html"
}

report "markdown" {
  path = "page.html" # error: "Reports in one file"
}

report "hlog" {
  path = "deep/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn.hlog" # error: "report path has a name of 205 bytes in it; at most 200 are allowed"
}
