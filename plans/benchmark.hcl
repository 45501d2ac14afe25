# The quick benchmark: 50 concurrent requests per endpoint, endpoint after
# endpoint, with mean, P95, P99 and failures of each in the request table.
#
# With 50 samples the P99 is their maximum; the report says so. Raise
# --var requests=1000 for a P99 that means more.
bossplan { required_version = ">= 0.1.0, < 2.0.0" }

import { source = "./lib/service.hcl" }

variable "concurrency" {
  type        = number
  default     = 50
  description = "Users who send at the same time."
}

variable "requests" {
  type        = number
  default     = 50
  description = "Requests per endpoint, divided evenly among the users."
}

# The guide's success criteria for the benchmark, held by every endpoint.
threshold "p95" {
  metric   = metric.response_time.p95
  per      = "request"
  target   = "< 500ms"
  critical = "< 1000ms"
}

threshold "p99" {
  metric   = metric.response_time.p99
  per      = "request"
  target   = "< 1000ms"
  critical = "< 2000ms"
}

threshold "failures" {
  metric = metric.errors.count
  target = "== 0"
}

# ---- One endpoint after the other ---------------------------------------------

user_class "list_tasks" {
  host = host.api

  request "list_tasks" {
    name = "1. List tasks"
    path = "/api/tasks"
  }
}

scenario "list_tasks" {
  user_classes = [user_class.list_tasks]

  stage "burst" {
    users      = var.concurrency
    iterations = var.requests
    duration   = "1m" # at the latest
  }
}

user_class "list_by_status" {
  host = host.api

  request "list_by_status" {
    name  = "2. List tasks by status"
    path  = "/api/tasks"
    query = { status = one_of("pending", "in_progress", "completed") }
  }
}

scenario "list_by_status" {
  user_classes = [user_class.list_by_status]
  after        = [scenario.list_tasks]

  stage "burst" {
    users      = var.concurrency
    iterations = var.requests
    duration   = "1m" # at the latest
  }
}

user_class "get_task" {
  host = host.api

  request "get_task" {
    name          = "3. Get task"
    path          = "/api/tasks/${random_int(1, var.task_ids)}"
    expect_status = [200, 404]
  }
}

scenario "get_task" {
  user_classes = [user_class.get_task]
  after        = [scenario.list_by_status]

  stage "burst" {
    users      = var.concurrency
    iterations = var.requests
    duration   = "1m" # at the latest
  }
}

user_class "create_task" {
  host = host.api

  request "create_task" {
    name          = "4. Create task"
    method        = "POST"
    path          = "/api/tasks"
    expect_status = [201]
    json          = { title = "Benchmark ${uuid()}", priority = one_of("low", "medium", "high") }
  }
}

scenario "create_task" {
  user_classes = [user_class.create_task]
  after        = [scenario.get_task]

  stage "burst" {
    users      = var.concurrency
    iterations = var.requests
    duration   = "1m" # at the latest
  }
}

user_class "update_status" {
  host = host.api

  request "update_status" {
    name          = "5. Update task status"
    method        = "PUT"
    path          = "/api/tasks/${random_int(1, var.task_ids)}/status"
    expect_status = [200, 404]
    json          = { status = one_of("in_progress", "completed") }
  }
}

scenario "update_status" {
  user_classes = [user_class.update_status]
  after        = [scenario.create_task]

  stage "burst" {
    users      = var.concurrency
    iterations = var.requests
    duration   = "1m" # at the latest
  }
}

user_class "statistics" {
  host = host.api

  request "statistics" {
    name = "6. Statistics"
    path = "/api/statistics"
  }
}

scenario "statistics" {
  user_classes = [user_class.statistics]
  after        = [scenario.update_status]

  stage "burst" {
    users      = var.concurrency
    iterations = var.requests
    duration   = "1m" # at the latest
  }
}

user_class "health" {
  host = host.api

  request "health" {
    name = "7. Health check"
    path = "/health"
  }
}

scenario "health" {
  user_classes = [user_class.health]
  after        = [scenario.statistics]

  stage "burst" {
    users      = var.concurrency
    iterations = var.requests
    duration   = "1m" # at the latest
  }
}

user_class "pool_status" {
  host = host.api

  request "pool_status" {
    name = "8. Pool status"
    path = "/api/admin/pool-status"
  }
}

scenario "pool_status" {
  user_classes = [user_class.pool_status]
  after        = [scenario.health]

  stage "burst" {
    users      = var.concurrency
    iterations = var.requests
    duration   = "1m" # at the latest
  }
}

user_class "cache_stats" {
  host = host.api

  request "cache_stats" {
    name = "9. Cache stats"
    path = "/api/admin/cache/stats"
  }
}

scenario "cache_stats" {
  user_classes = [user_class.cache_stats]
  after        = [scenario.pool_status]

  stage "burst" {
    users      = var.concurrency
    iterations = var.requests
    duration   = "1m" # at the latest
  }
}
