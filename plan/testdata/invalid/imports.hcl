bossplan {
  required_version = 1 # error: "Not a written-out text: required_version is needed before anything else"
}
bossplan { # error: "Block given twice: plan may have one bossplan block"
  required_version = ">> 1" # error: "Invalid version: required_version is not understood: .>>. is not an operator"
}
import {
  source    = "lib/library.hcl"
  variables = {
    known  = local.here
    knwon  = 1 # error: "Unknown variable: The imported file has no variable .knwon.. Did you mean .known."
    (local.here) = 3 # error: "Not a written-out name: The names of an import's variables must be written out"
    mine   = 2 # error: "Unknown variable: The imported file has no variable .mine."
  }
}
import {
  source    = "./lib/library.hcl"
  variables = { known = 2 } # error: "Variable set twice: Variable .known. is already set at .*imports.hcl:10"
}
import {
  source    = "./lib/library.hcl"
  variables = local.here # error: "Not a written-out map"
}
locals {
  here = 1
}
variable "mine" {
  default = 1
}
host "shared" {
  base_url = "http://localhost"
}
