# spelling: hcl
bossplan {
  required_version = ">= 9.0.0" # error: "Another version is needed: This file asks for bossplan >= 9.0.0, but this is bossplan"
}
wormhole "x" {
  = nonsense
}
