# spelling: hcl
import {
  source = "../valid/heavy.hcl" # error: "Invalid import: .../valid/heavy.hcl. cannot be imported: it leads out of the plan's directory"
}
import {
  source = "/etc/passwd" # error: "Invalid import: .*absolute path"
}
import {
  source = "https://example.test/x.hcl" # error: "Invalid import: .*nothing is taken from the network"
}
import {
  source = "lib\\library.hcl" # error: "Invalid import: .*backslash"
}
import {
  source = "" # error: "Invalid import: .*empty"
}
import {
  source = "lib/absent.hcl" # error: "Cannot read plan file: .*absent.hcl: there is no such file"
}
import {
  source = "lib" # error: "Cannot read plan file: .*it is a directory"
}
import {
  source = "lib/${local.x}.hcl" # error: "Not a written-out text: import source is needed before"
}
import {
  source = "lib/circle.hcl"
}
import { # error: "Missing argument: import needs source"
}
import {
  source = "lib/other.toml" # error: "Unknown kind of file: .*other.toml does not end in .hcl"
}
import {
  source = "lib/plan.hcl" # error: "Import of a plan: lib/plan.hcl has a scenario .at .*plan.hcl:1."
}

# What the missing files may declare is not complained about; all else is.
locals {
  from_import = var.absent
}
user_class "a" {
  host = host.absent
  wait = betwen("1s", "2s") # error: "Unknown wait: .* Did you mean .between."
  request "r" {
    path   = "/${local.from_import}/${local.absent}"
    methid = "GET" # error: "Unknown argument: .* Did you mean .method."
  }
}
scenario "s" {
  user_classes = [user_class.a, user_class.absent]
  after        = [scenario.absent]
  stage "peak" {
    users    = var.absent
    duration = "0s" # error: "Invalid duration: stage duration must be longer than zero"
  }
}
threshold "of" {
  metric = metric.response_time.p95
  of     = user_class.a.request.absent
  stages = [scenario.s.absent]
  target = "< 5%" # error: "Bound that does not fit the metric"
}
threshold "gauge" {
  metric = probe.absent.used.max
  target = "5" # error: "Bound without an operator"
}

data "directory" {
  csv = "lib" # error: "Cannot read file: .*it is a directory; name a file in it"
}
