# The state that is compared.
variable "users" { default = 1200 }
variable "token" {
  default   = "s3cr3t-t0ken"
  sensitive = true
}
host "api" {
  base_url = "https://api.test"
  headers  = { Authorization = "Bearer s3cr3t-t0ken" }
}
user_class "member" {
  host = host.api
  wait = between("1s", "3s")
  request "list" {
    weight = 14
    path   = "/api/tasks"
  }
  request "make" {
    weight = 5
    method = "POST"
    path   = "/api/tasks"
    json   = { title = "A task with a title that is long enough to be cut, made by ${user.id}", priority = "high" }
  }
}
user_class "admin" {
  host   = host.api
  weight = 1
  request "status" { path = "/api/admin/status" }
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
  target   = "< 800ms"
  critical = "< 1s"
}
threshold "rate" {
  metric = metric.requests.rate
  target = ">= 2000/min"
}
