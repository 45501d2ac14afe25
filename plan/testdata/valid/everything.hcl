# Each attribute of the language at least once.
bossplan {
  required_version = "~> 0.1"
}

import {
  source    = "lib/names.hcl"
  variables = { region = local.region, depth = 2 }
}

variable "token" {
  description = "For the other host."
  default     = try(env("FIXTURE_TOKEN"), "s3cret")
  sensitive   = true
}

variable "tags" {
  type    = map(string)
  default = { team = "boss" }
}

variable "plain" {
  default = "http://localhost"
  env     = "FIXTURE_HOST"
}

locals {
  region   = "eu"
  base     = "${local.scheme}://${local.region}.example.test:8443/base"
  scheme   = "https"
  plain    = var.plain
  seconds  = 90
  statuses = [200, "300-399"]
  greeting = file("lib/greeting.txt")
}

host "api" {
  base_url         = local.base
  timeout          = local.seconds
  connect_timeout  = "2s"
  headers          = { "X-Region" = var.region, (var.region) = "x", X-Token = var.token, X-Root = path.root }
  http             = 2
  connections      = 10
  local_addresses  = ["10.0.0.2", "::ffff:10.0.0.1"]
  follow_redirects = 3
  cookies          = false
  max_rate         = "100/s"
  tls {
    ca_file              = "ca.pem"
    cert_file            = "/etc/ssl/cert.pem"
    key_file             = "/etc/ssl/key.pem"
    server_name          = "api.example.test"
    insecure_skip_verify = true
    session_resumption   = "shared"
  }
  auth {
    basic {
      username = "user-${user.id}"
      password = var.token
    }
  }
}

host "plain" {
  base_url    = local.plain
  connections = "per_user"
  auth {
    bearer = var.token
  }
}

user_class "member" {
  host    = host.api
  weight  = 2.5
  wait    = pacing("8s", "12s")
  headers = var.tags
  tags    = var.tags
  mix     = "random"
  request "get" {
    weight        = 0
    name          = "row"
    path          = "/things/${user.class}/${iteration}?at=${now("2006")}"
    query         = { a = 1, b = true, c = null, "d e" = random_string(8) }
    expect_status = local.statuses
    timeout       = "1s"
    tags          = { kind = "read" }
  }
  request "text" {
    method = "PROPFIND"
    path   = "?x=1"
    body   = "${local.greeting} ${user.id}"
  }
  request "json" {
    path = "/"
    json = [for n in range(3) : { n = n, id = upper(uuid()) }]
  }
  request "form" {
    method = "POST"
    path   = "/form"
    form   = { name = "x", nr = random_int(1, var.depth) }
  }
}

user_class "few" {
  host        = host.plain
  fixed_count = 3
  wait        = throughput("0.5/s")
  request "one" {
    path = "/"
  }
}

user_class "exact" {
  host = host.plain
  wait = exponential("2s")
  request "one" {
    path = "/"
  }
}

user_class "constant" {
  host = host.plain
  wait = constant(local.seconds)
  request "one" {
    path = "/"
  }
}

scenario "closed" {
  user_classes  = [user_class.member, user_class.few]
  start_delay   = "5s"
  graceful_stop = 0
  stage "warm" {
    users    = 10
    ramp     = "5s"
    duration = "10s"
    warmup   = true
  }
  stage "peak" {
    users      = 20
    spawn_rate = "60/min"
    duration   = "1m"
    iterations = 5000
  }
}

scenario "open" {
  user_classes  = [user_class.exact]
  after         = [scenario.closed]
  on_late       = "drop"
  max_in_flight = 50
  stage "steady" {
    rate     = "100/min"
    ramp     = "10s"
    arrivals = "even"
    duration = "1m"
  }
}

threshold "slowest" {
  metric      = metric.response_time["p99.5"]
  target      = "< 500ms"
  of          = user_class.member.request.get
  outcome     = "any"
  stages      = [scenario.closed.peak]
  window      = "10s"
  min_samples = 10
  abort {
    for    = "30s"
    window = "20s"
  }
}

threshold "each" {
  metric   = metric.service_time.p95
  target   = "< 1s"
  critical = "<= 1s"
  of       = scenario.open
  per      = "request"
}

threshold "one_class" {
  metric = metric.errors.count
  target = "== 0"
  of     = user_class.few
}

threshold "sampled" {
  metric = probe.status.depth.max
  target = "< 10"
}

probe "status" {
  kind          = "http"
  host          = host.plain
  path          = "/status"
  method        = "get"
  headers       = { Accept = "application/json" }
  timeout       = "1s"
  expect_status = [200]
  interval      = "1s"
  gauge "depth" {
    value = try(response.json.depth, response.status - 200)
  }
}

report "html" {}
report "json" { path = "more/figures.json" }
report "junit" {}
report "markdown" {}
report "hlog" {}
