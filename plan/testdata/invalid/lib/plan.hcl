scenario "main" {
}
