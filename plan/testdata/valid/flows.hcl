# Flows, checks, captures and bodies of every kind.
variable "role" {
  default = "tester"
}

host "api" {
  base_url = "http://localhost"
  headers  = { X-Session = vars.session, X-Row = row.users.name }
  auth {
    bearer = "${vars.token}"
  }
}

data "users" {
  csv = "lib/users.csv"
}

user_class "member" {
  host    = host.api
  headers = { Authorization = "Bearer ${vars.token}", X-Id = vars.user.id }
  on_start {
    on_failure = "continue"
    request "login" {
      method  = "POST"
      path    = "/login"
      headers = { Authorization = null }
      json    = { name = row.users.name, password = row.users["pass word"], role = var.role }
      capture "token" {
        value = response.json.token
      }
      capture "session" {
        value = response.cookies["session"]
      }
      capture "user" {
        value = response.json.user
      }
    }
  }
  request "list" {
    weight = 3
    path   = "/tasks?role=${var.role}"
    check "status" {
      condition = response.status == 200 && response.time < 500
    }
    check "items" {
      condition = length(response.json.items) > 0 && response.headers["content-type"] == "application/json"
    }
    check "own" {
      condition = response.json.owner == user.id || response.body == one_of("", row.users.name) || iteration > 3
    }
  }
  flow "edit" {
    weight     = 2
    on_failure = "continue"
    request "create" {
      method = "POST"
      path   = "/tasks"
      json   = { title = "x" }
      capture "id" {
        value = regex("[0-9]+", response.headers.location)
      }
    }
    request "read" {
      wait   = between("1s", "2s")
      when   = vars.id != null
      repeat = 3
      path   = "/tasks/${vars.id}"
    }
    request "attach" {
      wait   = constant("100ms")
      repeat = random_int(0, 2)
      method = "POST"
      path   = "/tasks/${vars.id}/files"
      multipart = {
        title    = "A ${user.id}"
        count    = 3
        logo     = { file = "lib/logo.bin", content_type = "image/png" }
        (var.role) = { file = "./lib/greeting.txt", filename = "hello \"you\".txt" }
        note     = { value = vars.id, content_type = "text/plain; charset=utf-8" }
      }
    }
    request "list" {
      path = "/tasks"
    }
  }
  flow "upload" {
    weight = 0
    request "raw" {
      method    = "PUT"
      path      = "/raw"
      body_file = "${path.root}/lib/logo.bin"
    }
  }
  on_stop {
    request "logout" {
      method = "POST"
      path   = "/logout"
      when   = vars.token != null
      wait   = exponential("1s")
    }
  }
}

user_class "flow_only" {
  host    = host.api
  weight  = 1
  headers = { X-Session = null }
  flow "login" {
    request "login" {
      path = "/login"
      capture "token" {
        value = response.json["token"]
      }
      capture "session" {
        value = response.body
      }
    }
  }
}

scenario "main" {
  user_classes = [user_class.member]
  stage "peak" {
    users    = 1
    duration = "1m"
  }
}

threshold "reads" {
  metric = metric.response_time.p95
  target = "< 500ms"
  of     = user_class.member.flow.edit.request.read
}

threshold "lists" {
  metric = metric.response_time.p95
  target = "< 500ms"
  of     = user_class.member.request.list
}

threshold "same_label" {
  metric = metric.response_time.p95
  target = "< 500ms"
  of     = user_class.member.flow.edit.request.list
}
