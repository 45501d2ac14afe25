# Values that would take too much time or memory.
locals {
  kilobytes = join("", [for n in range(1024) : "0123456789abcdef"])
  megabytes = join("", [for n in range(700) : local.kilobytes])
  text      = "${local.megabytes}${local.megabytes}" # error: "Value too large: This cannot be used: the value is too large: at most 131072 values and 16 MiB of text"
  loops     = [for a in range(1000) : [for b in range(1000) : a * b]] # error: "Too many turns: for expressions go round at most 16384 times in one expression"
}

host "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" { # error: "Name too long: A name has at most 128 bytes; this one has 129"
  base_url = "http://localhost"
}
