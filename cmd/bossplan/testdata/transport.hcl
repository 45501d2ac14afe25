# Requests of which the seed alone decides what comes of them: answers of every
# size, failures, checks that are met now and then, captures, shared connections.
variable "rate" { type = string }

host "own" { base_url = "http://localhost:8000" }
host "shared" {
  base_url    = "http://localhost:8000"
  connections = 8
}

user_class "reader" {
  host   = host.own
  weight = 2
  wait   = constant("2ms")
  request "list" {
    weight = 3
    path   = "/api/tasks"
    query  = { limit = random_int(1, 200) }
  }
  request "absent" {
    path = "/api/tasks/${random_int(500, 1500) * 1000}"
  }
  request "wrong" {
    method = "POST"
    path   = "/api/tasks"
    body   = "{"
  }
  request "head" {
    method = "HEAD"
    path   = "/health"
  }
  request "odd" {
    path = "/api/tasks/${random_int(1, 900)}"
    check "odd" { condition = response.json.id % 2 == 1 }
    check "found" { condition = response.status == 200 }
  }
}

user_class "writer" {
  host   = host.shared
  weight = 1
  flow "write" {
    request "make" {
      method        = "POST"
      path          = "/api/tasks"
      json          = { title = "A task that ${user.index} made", priority = "low" }
      expect_status = [201]
      capture "task" { value = response.json.id }
    }
    request "read" {
      path = "/api/tasks/${vars.task}"
      check "same" { condition = response.json.id == vars.task }
    }
    request "close" {
      method = "PUT"
      path   = "/api/tasks/${vars.task}/status"
      json   = { status = "completed" }
    }
  }
}

scenario "closed" {
  user_classes = [user_class.reader, user_class.writer]
  stage "all" {
    users      = 30
    iterations = 600
    duration   = "60m"
  }
}

scenario "open" {
  user_classes = [user_class.reader, user_class.writer]
  after        = [scenario.closed]
  stage "all" {
    rate       = var.rate
    arrivals   = "even"
    iterations = 300 # the stage ends with the last of them, so none is cut
    duration   = "60m"
  }
}
