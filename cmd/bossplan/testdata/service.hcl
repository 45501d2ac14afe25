# What the scripts' plans load: a server that answers as the path asks.
variable "base_url" {
  type = string
  env  = "LOAD_TEST_HOST"
}

variable "path" {
  type    = string
  default = "/"
}

host "api" {
  base_url = var.base_url
  timeout  = "500ms"
}

user_class "user" {
  host = host.api
  wait = constant("20ms")
  request "get" { path = var.path }
}
