host "api" { base_url = "http://127.0.0.1:1" }
user_class "member" {
  host = host.api
  wait = constant("1s")
  request "get" {
    path = "/"
    check "ok" { condition = response.status == 200 }
  }
}
scenario "main" { # warning: "Nothing is judged: Every stage of the plan is a warm-up"
  user_classes = [user_class.member]
  stage "one" {
    users    = 10
    duration = "10s"
    warmup   = true
  }
}
threshold "checks" { # that nothing is judged is said once
  metric = metric.checks.rate
  target = "== 100%"
}
