# spelling: hcl
# What has no label cannot be referred to: that is said once, where it stands.
host { # error: "Missing name for host: Write host .NAME. \{ … \}"
  base_url = "http://localhost"
}

user_class "member" {
  host = host.api
  request { # error: "Missing name for request"
    path = "/"
    capture "id" {
      value = response.json.id
    }
  }
  flow "f" {
    request "get" {
      path = "/${vars.id}"
    }
  }
}

user_class "member" { # error: "Name declared twice: user_class.member is already declared at"
  host = host.api
  request "get" {
    path = "/"
  }
  flow "f" {
    request "get" {
      path = "/"
    }
  }
}

user_class "idle" {
  host = host.api
  request { # error: "Missing name for request"
    path = "/"
  }
}

scenario "main" {
  user_classes = [user_class.member]
  stage { # error: "Missing name for stage"
    users    = 1
    duration = "1m"
  }
}

threshold "t" {
  metric = metric.errors.rate
  target = "< 1%"
  stages = [scenario.main.peak]
  of     = user_class.member.request.list
}

