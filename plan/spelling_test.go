package plan

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSuiteInYAML shows that the suite in plans/yaml is the suite in plans.
func TestSuiteInYAML(t *testing.T) {
	plans, err := filepath.Glob(filepath.FromSlash("../plans/*.hcl"))
	if err != nil || len(plans) == 0 {
		t.Fatal(plans, err)
	}
	for _, path := range plans {
		name := strings.TrimSuffix(filepath.Base(path), ".hcl")
		t.Run(name, func(t *testing.T) {
			inHCL, diags := Load(path, Inputs{})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			inYAML, diags := Load(filepath.Join(filepath.Dir(path), "yaml", name+".yaml"), Inputs{})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if diff := cmp.Diff(inHCL.Resolve().String(), inYAML.Resolve().String()); diff != "" {
				t.Errorf("HCL (-) and YAML (+) differ:\n%s", diff)
			}
			if inHCL.Resolve().Digest() != inYAML.Resolve().Digest() {
				t.Error("HCL and YAML differ beyond what is shown")
			}
		})
	}
}
