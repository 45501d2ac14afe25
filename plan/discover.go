package plan

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Discover finds the files of plans and of libraries, which are plans without a
// scenario, in files and directories; a directory is searched with all below
// it. Directories that begin with a dot are passed over. Both lists are sorted.
// The error says which path cannot be read.
func Discover(paths []string) (plans, libraries []string, err error) {
	var files []string
	for _, path := range paths {
		found, err := filesIn(path)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	for _, file := range slices.Compact(files) {
		if hasScenario(file) {
			plans = append(plans, file)
		} else {
			libraries = append(libraries, file)
		}
	}
	return plans, libraries, nil
}

// filesIn are the files of a path: itself, or all of a directory that can be one.
func filesIn(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		_, err = checkText(nil, err)
		return nil, err
	}
	if !info.IsDir() {
		return []string{filepath.Clean(path)}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != path && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir
		case !entry.IsDir() && filepath.Ext(name) == ".hcl":
			files = append(files, filepath.Clean(name))
		}
		return nil
	})
	return files, err
}

// hasScenario reports whether a file is a plan. One that cannot be read or
// parsed is taken for a plan: loading it says what is wrong.
func hasScenario(name string) bool {
	src, err := library{}.anyBytes(name)
	if err != nil || checkSize(name, src) != nil {
		return true
	}
	parsed, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return true
	}
	content, _, _ := parsed.Body.PartialContent(&hcl.BodySchema{
		Blocks: []hcl.BlockHeaderSchema{{Type: "scenario", LabelNames: []string{"name"}}},
	})
	return len(content.Blocks) > 0
}
