# Every labelled block once for each element.
variable "regions" {
  type    = map(object({ users = number, url = string }))
  default = {
    eu = { users = 10, url = "http://eu.localhost" }
    us = { users = 20, url = "http://us.localhost" }
  }
}

host "api" {
  for_each = var.regions
  base_url = each.value.url
  headers  = { X-Region = each.key, X-User = "${each.key}-${user.id}" }
}

user_class "member" {
  for_each = var.regions
  host     = host.api[each.key]
  weight   = each.value.users
  request "get" {
    for_each = { tasks = 3, notes = 1 }
    weight   = each.value
    path     = "/${each.key}/${iteration}"
    check "ok" {
      for_each  = toset(["title", "done"])
      condition = can(response.json[each.key])
    }
    capture "field" {
      for_each = toset(["id", "name"])
      value    = response.json[each.key]
    }
  }
  request "post" {
    method = "POST"
    path   = "/${each.key}/${vars.field["id"]}"
    json   = { region = each.key, name = vars.field["name"] }
  }
  flow "f" {
    for_each = toset(["a"])
    request "step" {
      for_each = toset(["one", "two"])
      path     = "/${each.value}"
    }
  }
}

user_class "none" {
  for_each = {}
  host     = host.api["eu"]
  request "r" {
    path = "/"
  }
}

probe "pool" {
  for_each = var.regions
  host     = host.api[each.key]
  path     = "/status"
  gauge "depth" {
    for_each = toset(["max", "min"])
    value    = response.json[each.key]
  }
  gauge "plain" {
    value = response.json.plain
  }
}

scenario "main" {
  for_each     = var.regions
  user_classes = [user_class.member[each.key]]
  stage "step" {
    for_each = { a = 1, b = 2 }
    users    = each.value
    duration = "1m"
  }
}

scenario "then" {
  user_classes = [user_class.member["eu"], user_class.member["us"]]
  after        = [scenario.main["eu"], scenario.main["us"]]
  stage "peak" {
    users    = 1
    duration = "1m"
  }
}

threshold "p95" {
  for_each = { tasks = "< 500ms", notes = "< 1s" }
  metric   = metric.response_time.p95
  target   = each.value
  of       = user_class.member["eu"].request.get[each.key]
  stages   = [scenario.main["eu"].step["a"], scenario.then.peak]
}

threshold "step" {
  metric = metric.response_time["p99.5"]
  target = "< 1s"
  of     = user_class.member["us"].flow.f["a"].request.step["two"]
}

threshold "any" {
  for_each = toset(["p50", "p99.5"])
  metric   = metric.response_time[each.key]
  target   = "< 1s"
}

threshold "depth" {
  for_each = var.regions
  metric   = probe.pool[each.key].depth["max"].max
  target   = "< 10"
}

threshold "plain" {
  metric = probe.pool["eu"].plain.max
  target = "< 10"
}

guard "production" {
  for_each = toset(["a", "b"])
  hosts    = ["${each.key}.example.org"]
}

report "json" {
  for_each = toset(["one", "two"])
  path     = "${each.key}.json"
}
