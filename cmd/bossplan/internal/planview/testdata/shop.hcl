variable "users" { default = 600 }
variable "token" {
  default   = "s3cr3t"
  sensitive = true
}
locals { base = "/api" }
host "api" {
  base_url = "https://api.example.org"
  headers  = { Authorization = "Bearer ${var.token}" }
}
host "local" {
  base_url    = "http://localhost:8000"
  connections = 50
  max_rate    = "500/s"

  local_addresses = ["127.0.0.2", "127.0.0.1"]
}
data "items" {
  csv    = "./data/items.csv"
  on_end = "fail"
}
data "users" {
  host   = host.local
  path   = "/users"
  values = response.json.users[*].id
}
user_class "shopper" {
  host   = host.api
  weight = 3
  wait   = between("1s", "3s")
  on_start {
    request "login" {
      method = "POST"
      path   = "${local.base}/login"
      json   = { user = row.users }
      capture "token" { value = response.json.token }
    }
  }
  request "look" {
    weight = 1
    path   = "/items"
  }
  flow "buy" {
    weight = 3
    request "list" {
      path = "/items"
      check "some" { condition = length(response.json.items) > 0 }
      capture "item" { value = response.json.items[0].id }
    }
    request "item" {
      path   = "/items/${vars.item}"
      wait   = constant("1s")
      repeat = 2
    }
    request "order" {
      method = "POST"
      path   = "/orders"
      when   = vars.item != null
      json   = { item = row.items.id }
    }
  }
  on_stop {
    request "logout" { path = "/logout" }
  }
}
user_class "admin" {
  host        = host.local
  fixed_count = 10
  wait        = constant("5s")
  request "status" { path = "/status" }
}
guard "prod" {
  hosts       = ["*.example.org", "10.0.0.0/8"]
  window      = "02:00-05:00 UTC"
  acknowledge = ["I know that this is production"]
  max_users   = 500
  abort {
    metric = metric.errors.rate
    bound  = "> 20%"
    for    = "10s"
  }
}
scenario "smoke" {
  user_classes = [user_class.admin]
  stage "one" {
    users    = 1
    duration = "10s"
    warmup   = true
  }
}
scenario "main" {
  user_classes = [user_class.shopper, user_class.admin]
  after        = [scenario.smoke]
  stage "peak" {
    users    = var.users
    ramp     = "30s"
    duration = "5m"
  }
}
probe "pool" {
  host = host.local
  path = "/pool"
  gauge "overflow" { value = response.json.overflow }
}
threshold "p95" {
  for_each = { "buy" = "< 500ms", "look \" \\ <b> | ]" = "< 300ms" }
  metric   = metric.response_time.p95
  target   = each.value
}
threshold "pool" {
  metric = probe.pool.overflow.max
  target = "== 0"
}
threshold "rate" {
  metric = metric.requests.rate
  target = ">= 1/min"
}
report "html" {}
