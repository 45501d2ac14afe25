# Thresholds that say nothing about the service.
host "api" {
  base_url = "http://127.0.0.1:1"
  timeout  = "2s"
}

user_class "member" {
  host = host.api
  wait = between("1s", "3s")
  request "list" { path = "/" }
}

scenario "main" {
  user_classes = [user_class.member]
  stage "peak" {
    users    = 1000
    duration = "10m"
  }
}

threshold "negative" {
  metric = metric.errors.count
  target = "< 0" # warning: "Threshold can never be met: errors.count is never below 0, so .< 0. cannot hold"
}

threshold "throughput" {
  metric = metric.requests.rate
  target = ">= 1000/min" # warning: "Threshold can never fail: The planned load makes about 30,.*/min if answers come at once and 15,.*/min if every answer takes until its timeout"
}

threshold "patient" {
  metric = metric.response_time.p99
  target = "< 30s" # warning: "Threshold can never fail: A request is given up after its timeout, here at most 2s"
}

threshold "errors" {
  metric = metric.errors.rate
  target = "<= 1%"
}
