# Loops in each other that multiply.
host "api" {
  base_url = "http://localhost"
}

locals {
  numbers = toset([for n in range(128) : tostring(n)])
}

user_class "u" {
  for_each = local.numbers
  host     = host.api
  weight   = 1
  request "r" {
    for_each = local.numbers # error: "Too many blocks: for_each makes at most 16384 blocks in a plan. Loop over less"
    path     = "/${each.key}"
  }
}
