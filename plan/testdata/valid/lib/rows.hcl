data "lib_users" {
  csv = "users.csv"
}

data "lib_root" {
  csv = "${path.root}/lib/users.csv"
}
