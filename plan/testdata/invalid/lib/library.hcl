variable "known" {
  type = number
}
host "shared" { # error: "Name declared twice: host.shared is already declared at .*imports.hcl:"
  base_url = "http://localhost"
}
