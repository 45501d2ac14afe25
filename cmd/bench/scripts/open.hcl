# What bossplan carries out in the sections schedule and stall: requests at an
# even rate that waits for no answer.
bossplan { required_version = ">= 0.1.0, < 2.0.0" }

variable "url" { type = string }

variable "rate" { type = string }

variable "duration" { type = string }

host "target" {
  base_url = var.url
  http     = "1.1"
}

user_class "reader" {
  host = host.target

  request "get" {
    path          = "/api/tasks/${random_int(1, 1000)}"
    expect_status = [200]
    check "is found" { condition = response.status == 200 }
  }
}

scenario "open" {
  user_classes  = [user_class.reader]
  max_in_flight = 4000

  stage "steady" {
    rate     = var.rate
    arrivals = "even"
    duration = var.duration
  }
}

threshold "p99" {
  metric = metric.response_time.p99
  target = "< 500ms"
}

threshold "errors" {
  metric = metric.errors.rate
  target = "== 0%"
}
