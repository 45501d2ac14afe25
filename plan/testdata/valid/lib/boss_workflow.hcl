# What every Boss Workflow plan shares.
variable "base_url" {
  type    = string
  default = "http://localhost:8000"
  env     = "LOAD_TEST_HOST"
  validation {
    condition     = startswith(var.base_url, "http")
    error_message = "base_url must be an address."
  }
}

variable "api_token" {
  type      = string
  default   = ""
  sensitive = true
}

variable "error_rate" {
  description = "Bounds of the error rate; a spike allows more than a steady load."
  type        = object({ target = string, critical = optional(string, "< 1%") })
  default     = { target = "<= 0%" }
}

host "api" {
  base_url = var.base_url
  timeout  = "30s"
  headers  = { Authorization = var.api_token == "" ? null : "Bearer ${var.api_token}" }
}

user_class "member" {
  host   = host.api
  weight = 9
  wait   = between("1s", "3s")

  request "list_tasks" {
    weight = 10
    path   = "/api/tasks"
  }
  request "list_by_status" {
    weight = 5
    path   = "/api/tasks"
    query  = { status = one_of("pending", "in_progress", "completed") }
  }
  request "get_task" {
    weight        = 4
    path          = "/api/tasks/${random_int(1, 1000)}"
    expect_status = [200, 404]
  }
  request "create_task" {
    weight        = 3
    method        = "post"
    path          = "/api/tasks"
    expect_status = [201]
    json = {
      title    = "Load test ${uuid()} by user ${user.index}"
      priority = one_of("low", "medium", "high")
    }
  }
  request "statistics" {
    path = "/api/statistics"
  }
}

user_class "admin" {
  host   = host.api
  weight = 1
  wait   = between("2s", "5s")

  request "pool_status" {
    path = "/api/admin/pool-status"
  }
  request "cache_stats" {
    path = "/api/admin/cache/stats"
  }
}

probe "pool" {
  host = host.api
  path = "/api/admin/pool-status"
  gauge "overflow" {
    value = max(response.json.overflow, 0)
  }
}

probe "cache" {
  host     = host.api
  path     = "/api/admin/cache/stats"
  interval = "5s"
  gauge "hit_rate" {
    value = response.json.hits / max(response.json.hits + response.json.misses, 1)
  }
  counter "misses" {
    value = response.json.misses
  }
}

threshold "p95_response_time" {
  metric   = metric.response_time.p95
  target   = "< 500ms"
  critical = "< 1000ms"
}
threshold "error_rate" {
  metric   = metric.errors.rate
  target   = var.error_rate.target
  critical = var.error_rate.critical
}
threshold "database_pool" {
  metric = probe.pool.overflow.max
  target = "== 0"
}
threshold "cache_hit_rate" {
  metric   = probe.cache.hit_rate.last
  target   = "> 70%"
  critical = "> 50%"
}
