package plan

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"golang.org/x/sync/errgroup"
)

// Discover finds the files of plans and of libraries, which are plans without a
// scenario, in files and directories; a directory is searched with all below
// it. Directories that begin with a dot are passed over. Both lists are sorted.
// What is parsed on the way is remembered in parsed, which may be nil. The error
// says which path cannot be read.
func Discover(paths []string, parsed *Parsed) (plans, libraries []string, err error) {
	var files []string
	for _, path := range paths {
		found, err := filesIn(path, parsed)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	files = slices.Compact(files)
	isPlan := make([]bool, len(files))
	var cores errgroup.Group // parsing is most of the work
	cores.SetLimit(runtime.GOMAXPROCS(0))
	for i, file := range files {
		cores.Go(func() error {
			isPlan[i] = hasScenario(file, parsed)
			return nil
		})
	}
	_ = cores.Wait() // nothing there fails
	for i, file := range files {
		if isPlan[i] {
			plans = append(plans, file)
		} else {
			libraries = append(libraries, file)
		}
	}
	return plans, libraries, nil
}

// filesIn are the files of a path: itself, or all of a directory that can be one.
func filesIn(path string, parsed *Parsed) ([]string, error) {
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
		case !entry.IsDir() && (spelling(name) == spellHCL || spelling(name) != "" && looksLikePlan(name, parsed)):
			files = append(files, filepath.Clean(name))
		}
		return nil
	})
	return files, err
}

// looksLikePlan reports whether a YAML or JSON file, of which a directory may
// have many that have nothing to do with bossplan, has at its top what only a
// plan has. Of one that cannot be parsed the text alone decides: a mistake in a
// plan must not make it vanish.
func looksLikePlan(name string, parsed *Parsed) bool {
	src, err := library{}.anyBytes(name)
	if err != nil {
		return false
	}
	if file, diags := parsed.parse(name, src); !diags.HasErrors() {
		return len(topBlocks(file.Body, "bossplan", "scenario")) > 0
	}
	return planKey.Match(src)
}

// planKey is a line that begins with what only a plan has at its top.
var planKey = regexp.MustCompile(`(?m)^[ \t{]*["']?(bossplan|scenario)["']?[ \t]*:`)

// hasScenario reports whether a file is a plan. One that cannot be read or
// parsed is taken for a plan: loading it says what is wrong.
func hasScenario(name string, parsed *Parsed) bool {
	src, err := library{}.anyBytes(name)
	if err != nil {
		return true
	}
	file, diags := parsed.parse(name, src)
	return diags.HasErrors() || len(topBlocks(file.Body, "scenario")) > 0
}

// topBlocks are the names of those of some types that a file has at its top.
func topBlocks(body hcl.Body, types ...string) []string {
	var schema hcl.BodySchema
	for _, name := range types {
		schema.Blocks = append(schema.Blocks, Schema().block(name).header())
	}
	content, _, _ := body.PartialContent(&schema)
	var found []string
	for _, b := range content.Blocks {
		found = append(found, b.Type)
	}
	return found
}
