# Flows, hooks, checks and captures that cannot be.
host "api" {
  base_url = "http://localhost"
  headers  = { X-Token = vars.token } # error: "Unknown capture: user_class.u has no capture .token.. user_class.u goes to host.api. Did you mean .taken."
}

host "plain" {
  base_url = "http://localhost"
}

user_class "u" {
  host = host.api
  request "lone" {
    path   = "/${vars.tokn}" # error: "Unknown capture: user_class.u has no capture .tokn.. Did you mean .taken."
    wait   = constant("1s") # error: "Unknown argument: wait belongs to a request inside a flow: write flow"
    repeat = 2 # error: "Unknown argument: repeat belongs to a request inside a flow"
    when   = true # error: "Unknown argument: when belongs"
    check "early" {
      condition = response.statuz == 200 # error: "Unknown name: There is no response.statuz; there are .*response.cookies.* Did you mean .status."
    }
    check "number" {
      condition = 5 # error: "Wrong kind of value: check condition must be true or false, not 5"
    }
    check "null" {
      condition = null # error: "Missing value: check condition must not be null"
    }
    check "missing" { # error: "Missing argument: check needs condition"
    }
    check "typed" {
      condition = [] && response.status == 200 # error: "Wrong kind of value: The left side of the operator cannot be used: true or false is wanted, not a list"
    }
    check "failed" {
      condition = response.body / 2 # error: "Wrong kind of value: check condition must be true or false"
    }
    capture "taken" {
      value = null # error: "Missing value: capture value must not be null: a capture without a value is a failed request"
    }
    check "  " { # error: "Invalid name: .* cannot be a name here: it is shown in a table"
      condition = true
    }
    check "may be any text" {
      condition = true
    }
    capture "no good" { # error: "Invalid name"
      value = response.headers.Location # error: "Header in upper case: response.headers has its names in lower case: write response.headers\[.location.\]"
    }
    capture "wrong" {
      value = respons.json # error: "Unknown name: There is nothing named .respons. here. Did you mean .response."
    }
    capture "keys" {
      for_each = toset(["a", "b"])
      value    = response.json[each.key]
    }
  }
  flow "f" {
    weight     = "much" # error: "Wrong kind of value: flow weight must be a number"
    on_failure = "go on" # error: "Unknown value: flow on_failure cannot be .go on.; it is one of stop, continue"
    request "step" {
      weight = 2 # error: "Unknown argument: The requests of a flow have no weight of their own"
      path   = "/${response.json.id}" # error: "No answer yet: response.json.id is known only when an answer has come, but request path is needed before the request is sent"
      wait   = pacing("1s") # error: "Invalid wait: request wait is the pause before one request of a flow: pacing\(\) and throughput\(\) are about whole iterations"
      when   = "soon" # error: "Wrong kind of value: request when must be true or false, not .soon."
      repeat = 1.5 # error: "Not a whole number: request repeat must be a whole number, not 1.5"
    }
    request "second" {
      path   = "/${vars}" # error: "Incomplete name: .vars. alone is not a value; say which capture: vars.NAME"
      repeat = -1 # error: "Number out of range: request repeat must be between 0 and 1000000, not -1"
      when   = null # error: "Missing value: request when must not be null"
      wait   = "1s" # error: "Invalid wait: request wait is one of constant"
    }
    request "third" {
      path   = "/${vars.keys}${vars.keys["c"]}${vars.keys.a}" # error: "Unknown key: The capture .keys. has a for_each: There is vars.keys\[.a.\], vars.keys\[.b.\]" # error: "Unknown key: The capture .keys."
      repeat = null # error: "Missing value: request repeat must not be null"
      when   = user.idd == 1 # error: "Unknown name: There is no user.idd"
    }
    request "fourth" {
      path   = "/"
      repeat = "often" # error: "Wrong kind of value: request repeat must be a number"
    }
  }
  flow "empty" { # error: "Nothing to do: user_class.u.flow.empty has no requests"
  }
  on_start { # error: "Nothing to do: user_class.u.on_start has no requests"
  }
  on_stop {
    weight = 1 # error: "Unknown argument: There is no argument .weight. in an on_stop"
    request "bye" {
      path   = "/"
      weight = 3 # error: "Unknown argument: The requests of a flow have no weight"
    }
  }
}

user_class "zero" { # error: "Nothing to do: All requests and flows of user_class zero have weight 0"
  host   = host.plain
  weight = 1
  flow "a" {
    weight = 0
    request "r" {
      path = "/"
    }
  }
}

user_class "open" {
  host   = host.plain
  weight = 1
  on_start {
    request "login" {
      path = "/login"
    }
  }
  flow "buy" {
    request "cart" {
      path = "/"
    }
    request "pay" {
      path = "/"
    }
  }
  request "one" {
    path = "/"
  }
}

scenario "open" {
  user_classes = [user_class.open] # error: "Hook in an open scenario: user_class.open has on_start .at .*flows.hcl:\d+., but the scenario's stages say a rate: each iteration is a user of its own. Put these requests into a flow"
  stage "s" {
    rate     = "10/s"
    duration = "1m"
  }
}

threshold "hook" {
  metric = metric.errors.rate
  target = "<= 1%"
  of     = user_class.open.on_start.request.login # error: "Request is not counted: The requests of on_start prepare a user"
}

threshold "step" {
  metric = metric.errors.rate
  target = "<= 1%"
  of     = user_class.open.request.pay # error: "Request of a flow: user_class.open has no such request by itself. It is a step of a flow: write user_class.open.flow.buy.request.pay"
}

threshold "unknown_step" {
  metric = metric.errors.rate
  target = "<= 1%"
  of     = user_class.open.flow.buy.request.pays # error: "Unknown request: user_class.open.flow.buy has no request .pays.. Did you mean .pay."
}

threshold "unknown_flow" {
  metric = metric.errors.rate
  target = "<= 1%"
  of     = user_class.open.flow.by.request.pay # error: "Unknown flow: user_class.open has no flow .by.. Did you mean .buy."
}

threshold "flow" {
  metric = metric.errors.rate
  target = "<= 1%"
  of     = user_class.open.flow.buy # error: "Not such a reference: threshold of must be a reference such as scenario.NAME or user_class.NAME or user_class.NAME.request.NAME or user_class.NAME.flow.NAME.request.NAME, not user_class.open.flow.buy"
}

probe "p" {
  host = host.plain
  path = "/"
  gauge "g" {
    value = vars.taken + row.x.y # error: "Run-time name in a wrong place: vars.taken belongs to a user, but gauge value is read beside the users" # error: "Run-time name in a wrong place: row.x.y belongs to a user"
  }
  gauge "h" {
    value = response.cookies.a # error: "Unknown name: There is no response.cookies; there are response.body, response.headers"
  }
}

locals {
  captured = vars.taken # error: "Run-time name in a static place: vars.taken is known only while a user runs, but local.captured must be known before the run"
  drawn    = row.rows # error: "Run-time name in a static place: row.rows is known only while a user runs"
  each     = each.key # error: "No for_each here: each.key has a value only inside a block with for_each, and local.each is not in one"
}
