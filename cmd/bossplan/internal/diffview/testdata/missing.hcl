# The same with a variable that has no value.
variable "users" { type = number }
variable "token" {
  default   = "s3cr3t-t0ken"
  sensitive = true
}
host "api" {
  base_url = "https://api.test"
  headers  = { Authorization = "Bearer ${var.token}" }
}
user_class "member" {
  host = host.api
  wait = between("1s", "3s")
  request "list" {
    weight = 10
    path   = "/api/tasks"
    check "ok" { condition = response.json.ok }
  }
  request "make" {
    weight = 5
    method = "POST"
    path   = "/api/tasks"
    json   = { title = "A task with a title that is long enough to be cut, made by ${user.id}", priority = "low" }
  }
}
scenario "main" {
  user_classes = [user_class.member]
  stage "peak" {
    users      = var.users
    spawn_rate = 100
    duration   = "10m"
  }
}
threshold "p95" {
  metric   = metric.response_time.p95
  target   = "< 500ms"
  critical = "< 1s"
}
threshold "rate" {
  metric = metric.requests.rate
  target = ">= 1000/min"
}
guard "production" {
  hosts = ["*.test"]
}
