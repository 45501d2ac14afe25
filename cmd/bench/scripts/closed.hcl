# What bossplan carries out in the sections closed and http2: users who send the
# next request as soon as the answer has come, with everything that is measured
# and judged in any other plan.
bossplan { required_version = ">= 0.1.0, < 2.0.0" }

variable "url" { type = string }

variable "users" { type = number }

variable "duration" { type = string }

variable "http" {
  type    = string
  default = "1.1"
}

host "target" {
  base_url = var.url
  http     = var.http

  tls {
    insecure_skip_verify = true
  }
}

user_class "reader" {
  host = host.target

  request "get" {
    path          = "/api/tasks/${user.index}"
    expect_status = [200]
    check "is found" { condition = response.status == 200 }
  }
}

scenario "closed" {
  user_classes = [user_class.reader]

  stage "steady" {
    users    = var.users
    duration = var.duration
  }
}

threshold "p95" {
  metric = metric.response_time.p95
  target = "< 500ms"
}

threshold "errors" {
  metric = metric.errors.rate
  target = "== 0%"
}
