# spelling: hcl
# Mistakes about the form of blocks and arguments, which YAML has no two forms of.
host { # error: "Missing name for host: Write host .NAME. \{ … \}"
  base_url = "http://localhost"
}

locals "shared" { # error: "Label too many: Write locals \{ … \}"
}

host "api" {
  base_url = "http://localhost"
  tls      = {} # error: "Unknown argument: tls is a block: write tls { … } without the equals sign"
  headers { # error: "Unknown block: headers is an argument: write headers = … with an equals sign"
  }
}

locals {
  inner { # error: "Block in locals: A locals block has arguments only"
  }
}
