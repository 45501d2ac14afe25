package plan

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiscover(t *testing.T) {
	t.Chdir(t.TempDir())
	scenario := "scenario \"main\" {\n}\n"
	for name, text := range map[string]string{
		"plans/heavy.hcl":          scenario,
		"plans/broken.hcl":         "host {{{",
		"plans/lib/shared.hcl":     "locals {}\n",
		"plans/.hidden/secret.hcl": scenario,
		"plans/notes.txt":          scenario,
		"plans/light.yaml":         "scenario: {}\n",
		"plans/prod.bossvars":      "a = 1\n",
		"other/spike.hcl":          scenario,
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		paths            []string
		plans, libraries []string
	}{
		{[]string{"plans"}, []string{"plans/broken.hcl", "plans/heavy.hcl"}, []string{"plans/lib/shared.hcl"}},
		{[]string{"other", "./other/spike.hcl"}, []string{"other/spike.hcl"}, nil},
		{[]string{"."}, []string{"other/spike.hcl", "plans/broken.hcl", "plans/heavy.hcl"}, []string{"plans/lib/shared.hcl"}},
		{[]string{"plans/lib/shared.hcl"}, nil, []string{"plans/lib/shared.hcl"}},
	} {
		plans, libraries, err := Discover(test.paths, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([][]string{test.plans, test.libraries}, [][]string{slashes(plans), slashes(libraries)}); diff != "" {
			t.Errorf("Discover(%q): -want +got\n%s", test.paths, diff)
		}
	}
	if _, _, err := Discover([]string{"absent"}, nil); err == nil || !strings.Contains(err.Error(), "absent: there is no such file") {
		t.Errorf("a path that is not there: %v", err)
	}
}

func slashes(paths []string) []string {
	for i := range paths {
		paths[i] = filepath.ToSlash(paths[i])
	}
	return paths
}
