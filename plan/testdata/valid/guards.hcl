# Guards with all that they can say.
host "api" {
  base_url = "http://localhost"
}

probe "pool" {
  host = host.api
  path = "/status"
  gauge "waiting" {
    value = response.json.waiting
  }
}

locals {
  office = ["10.0.0.0/8", "192.0.2.1", "2001:DB8::/32"]
}

guard "production" {
  hosts       = concat(["*.Example.org", "api-*.example.com", "*"], local.office)
  window      = "22:00-05:00 Europe/Berlin"
  acknowledge = ["I know that this is production", "The on-call engineer knows"]
  max_users   = 100
  max_rate    = "1000/min"
  abort {
    metric = metric.errors.rate
    bound  = "> 20%"
    for    = "10s"
    window = "5s"
  }
}

guard "night" {
  hosts  = toset(["localhost", "::1"])
  window = "02:00-24:00 UTC"
  abort {
    metric = probe.pool.waiting.max
    bound  = "> 5"
    for    = "10s"
  }
}

guard "plain" {
  hosts = ["example.org"]
}
