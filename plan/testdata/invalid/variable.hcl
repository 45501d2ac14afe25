variable "typed" {
  type    = number
  default = "many" # error: "Wrong kind of value: variable .typed. must be a number"
}
variable "missing" { # error: "Variable without a value: Variable .missing. has no default.*--var missing=VALUE.*--var-file.*BOSSPLAN_VAR_missing"
}
variable "missing2" { # error: "Variable without a value: .*environment variable SOME_NAME"
  env = "SOME_NAME"
}
variable "badtype" {
  type    = strng # error: "Invalid type: There is no type strng. There are string, number"
  default = 1
}
variable "described" {
  default     = 1
  description = local.a # error: "Name in a wrong place"
  sensitive   = "yes" # error: "Wrong kind of value: variable sensitive must be true or false"
  env         = "A=B" # error: "Invalid name of an environment variable"
}
variable "checked" {
  default = 5 # error: "Invalid value for variable checked: At most 3. The value is from: default. The rule is at .*variable.hcl:26"
  validation {
    condition     = var.checked > 0
    error_message = "More than 0."
  }
  validation {
    condition     = var.checked < 4
    error_message = "At most 3."
  }
  validation {
    condition     = var.checkd > 0 # error: "Unknown variable: .*checked"
    error_message = "x"
  }
  validation { # error: "Missing argument: validation needs error_message"
    condition = "x" # error: "Wrong kind of value: a validation's condition must be true or false"
  }
}
variable "secret" {
  sensitive = true
  default   = "hunter2" # error: "Invalid value for variable secret: The value is not one that the plan accepts"
  validation {
    condition     = length(split("", var.secret)) > 20
    error_message = "${var.secret} is too short."
  }
}
variable "unset" {
  default = env("NOT_SET_ANYWHERE") # error: "the environment variable NOT_SET_ANYWHERE is not set"
}
locals {
  a      = local.b # error: "Circular values: These values are made from each other: local.a → local.b → local.a"
  b      = local.a
  number = parseint(var.secret, 10) # error: "^Invalid expression: The expression cannot be evaluated. It uses a sensitive value"
  outside = file("../../load.go") # error: "it leads out of the plan's directory"
  absent  = file("absent.txt") # error: "there is no such file"
}
host "api" {
  base_url = var.secret # error: "^Sensitive value would be shown"
  timeout  = var.secret # error: "^Invalid duration: The value is sensitive"
  http     = var.secret # error: "^Unknown value: The value is sensitive"
  headers  = { A = "${var.secret}\n" } # error: "^Invalid header: The value is sensitive"
  cookies  = var.secret # error: "^Wrong kind of value: The value is sensitive"
}
threshold "t" {
  metric = metric.errors.rate
  target = var.secret # error: "^Sensitive value would be shown"
}
