# A bound on throughput that can only fail long after another threshold has.
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

threshold "p95" {
  metric = metric.response_time.p95
  target = "< 100ms"
}

threshold "near" {
  metric = metric.requests.rate
  target = ">= 20000/min" # warning: "Threshold can never fail: .* still holds if every answer takes 500ms, 5 times what threshold.p95 allows"
}

threshold "errors" {
  metric = metric.errors.rate
  target = "<= 1%"
}
