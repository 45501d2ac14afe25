# Captures that are read before they can have been set.
host "api" {
  base_url = "http://127.0.0.1:1"
  auth { bearer = vars.token } # warning: "Capture is read before it is set: In user_class.member.on_start.request.login vars.token is null always: only user_class.member.on_start.request.login sets it"
}
user_class "member" {
  host = host.api
  wait = constant("1s")
  on_start {
    request "login" {
      path = "/login"
      capture "token" { value = response.json.token }
      check "token" { condition = length(vars.token) > 0 }
    }
    request "early" {
      path = "/${vars.item}" # warning: "In user_class.member.on_start.request.early vars.item is null always: only user_class.member.request.list sets it, and that comes later"
    }
  }
  request "list" {
    path = "/${vars.token}"
    capture "item" { value = response.json.items[0] }
  }
  request "item" {
    path = "/${vars.item}" # warning: "In user_class.member.request.item vars.item is null until user_class.member.request.list has set it, and a user may come here first"
  }
  request "careful" {
    path  = "/${coalesce(vars.item, "none")}"
    query = { has = vars.item != null, or = vars.item == null ? "" : vars.item, try = try(vars.item, "") }
  }
  flow "buy" {
    request "item" {
      path = "/${vars.item}"
      when = vars.item != null
    }
    request "pay" {
      path = "/pay/${vars.order}" # warning: "In user_class.member.flow.buy.request.pay vars.order is null the first time a user comes here: user_class.member.flow.buy.request.order sets it, and that comes later in the flow"
    }
    request "order" {
      path = "/order"
      capture "order" { value = response.json.id }
    }
    request "look" { path = "/order/${vars.order}" }
  }
  on_stop {
    request "drop" { path = "/order/${vars.order}" }
    request "logout" { path = "/logout/${vars.bye}" } # warning: "In user_class.member.on_stop.request.logout vars.bye is null always"
    request "bye" {
      path = "/bye"
      capture "bye" { value = response.body }
    }
  }
}
scenario "main" {
  user_classes = [user_class.member]
  stage "one" {
    users    = 10
    duration = "10s"
  }
}
