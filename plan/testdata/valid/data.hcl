# Rows of every source.
host "api" {
  base_url = "http://localhost"
}

import {
  source = "lib/rows.hcl"
}

data "cities" {
  json   = "lib/cities.json"
  order  = "shuffle"
  on_end = "stop_user"
}

data "words" {
  json  = "./lib/words.json"
  order = "random"
}

data "tasks" {
  host   = host.api
  path   = "/tasks"
  values = response.json.items[*].id
  on_end = "fail"
}

data "fixed" {
  host   = host.api
  path   = "/health"
  values = [for n in range(3) : { id = n, name = "n${n}" }]
}

data "by_region" {
  for_each = toset(["eu", "us"])
  host     = host.api
  path     = "/regions/${each.key}"
  values   = [for u in response.json.users : { id = u.id, region = each.value }]
}

data "files" {
  for_each = { cities = "lib/cities.json" }
  json     = each.value
}

user_class "u" {
  host = host.api
  request "r" {
    path  = "/${row.cities.name}/${row.words}/${row.tasks}/${row.tasks.any}/${row.fixed.id}"
    query = { size = row.cities["size"] + 1, mayor = row.cities.mayor, first = row.cities.tags[0], lib = row.lib_users.name }
    json = {
      city   = pick(data.cities)
      name   = pick(data.cities).name
      word   = pick(data.words)
      region = row.by_region["eu"].id
      other  = pick(data.by_region["us"]).region
      file   = row.files["cities"].name
      try    = try(row.cities.mayor, null)
    }
  }
}

user_class "regions" {
  for_each = toset(["eu", "us"])
  host     = host.api
  request "r" {
    path  = "/${row.by_region[each.key].id}"
    query = { other = pick(data.by_region[each.key]).id, size = row.cities[each.key == "eu" ? "name" : "size"] }
  }
}
