# More connections than one address of a machine has ports for.
host "api" { # warning: "Fewer local ports than connections: host.api and host.admin need 30,010 connections to api.test:80, and from one address there are local ports for 28,232: give it 2 local_addresses"
  base_url = "http://api.test"
}
host "admin" { base_url = "http://API.test:80/admin" }
host "two" {
  base_url        = "http://10.0.0.1:8000"
  local_addresses = ["10.0.0.2", "10.0.0.3"]
}
host "few" { # warning: "Fewer local ports than connections: host.few needs up to 60,000 connections to 10.0.0.1:8000, and from its 2 local_addresses there are local ports for 56,464: give it 3 local_addresses"
  base_url        = "http://10.0.0.1:8000"
  local_addresses = ["10.0.0.3", "10.0.0.4"]
}
host "shared" {
  base_url    = "http://shared.test"
  connections = 100
}

user_class "api" {
  host   = host.api
  weight = 3
  wait   = constant("5s")
  request "get" { path = "/" }
}
user_class "shared" {
  host   = host.shared
  weight = 3
  wait   = constant("5s")
  request "get" { path = "/" }
}
user_class "two" {
  host   = host.two
  weight = 4
  wait   = constant("5s")
  request "get" { path = "/" }
}
user_class "admin" {
  host        = host.admin
  fixed_count = 10
  wait        = constant("5s")
  request "get" { path = "/" }
}
user_class "few" {
  host = host.few
  request "get" { path = "/" }
}

scenario "closed" {
  user_classes = [user_class.api, user_class.shared, user_class.two, user_class.admin]
  stage "peak" {
    users    = 100010
    duration = "1m"
  }
}
scenario "open" {
  user_classes  = [user_class.few]
  max_in_flight = 60000
  stage "peak" {
    rate     = "5000/s"
    duration = "1m"
  }
}
