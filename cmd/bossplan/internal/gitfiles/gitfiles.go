// Package gitfiles reads files as they were at a revision of a git repository.
//
// It asks the git that is installed and changes nothing: no checkout, no lock,
// no fetch. Paths are as the caller would write them in its working directory;
// symbolic links are followed inside the revision.
package gitfiles

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// maxFileSize is what a file may have at most, in bytes. A plan has its own
// limits; this one keeps memory bounded.
const maxFileSize = 256 << 20

// A Repository is the one that the working directory is in.
type Repository struct {
	top    string // of its work tree, empty where it has none
	prefix string // of the working directory below it, with slashes; empty or ends with one
}

// Open finds the repository of the working directory. The error says why there
// is none.
func Open() (*Repository, error) {
	prefix, err := run("rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	top, _ := run("rev-parse", "--show-toplevel") // a bare repository has none
	return &Repository{top: top, prefix: prefix}, nil
}

// run runs git and returns its output without the last line break.
func run(args ...string) (string, error) {
	cmd := command(args...)
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	switch err := cmd.Run(); {
	case errors.Is(err, exec.ErrNotFound):
		return "", errors.New("git is needed to read revisions, and it is not installed")
	case err != nil:
		first, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(problem.String()), "fatal: "), "\n")
		if first == "" {
			first = err.Error()
		}
		return "", fmt.Errorf("git says: %s", first)
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// command is a call of git that asks nobody anything and waits for no lock.
func command(args ...string) *exec.Cmd {
	cmd := exec.Command("git", args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1")
	return cmd
}

// Has reports whether a name is that of a revision.
func (r *Repository) Has(name string) bool {
	_, err := r.commit(name)
	return err == nil
}

// commit is the hash that a name of a revision stands for. A name that begins
// with a dash would be an option to git.
func (r *Repository) commit(name string) (string, error) {
	if name == "" || strings.HasPrefix(name, "-") || strings.ContainsAny(name, "\x00\n") {
		return "", fmt.Errorf("%q cannot be the name of a revision", name)
	}
	hash, err := run("rev-parse", "--verify", "--quiet", name+"^{commit}")
	if err != nil || hash == "" {
		return "", fmt.Errorf("there is no revision %q", name)
	}
	return hash, nil
}

// MergeBase is the hash of the revision from which two others began to differ.
func (r *Repository) MergeBase(a, b string) (string, error) {
	hashes := []string{"merge-base"}
	for _, name := range []string{a, b} {
		hash, err := r.commit(name)
		if err != nil {
			return "", err
		}
		hashes = append(hashes, hash)
	}
	hash, err := run(hashes...)
	if err != nil {
		return "", fmt.Errorf("%s and %s have no common ancestor", a, b)
	}
	return hash, nil
}

// At opens a revision. It must be closed.
func (r *Repository) At(name string) (*Revision, error) {
	hash, err := r.commit(name)
	if err != nil {
		return nil, err
	}
	v := &Revision{repository: r, Hash: hash}
	v.git = command("cat-file", "--batch", "--follow-symlinks")
	if v.ask, err = v.git.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := v.git.StdoutPipe()
	if err != nil {
		return nil, err
	}
	v.answers = bufio.NewReader(out)
	return v, v.git.Start()
}

// A Revision is all files at one moment. It is for one goroutine.
type Revision struct {
	Hash       string // of the commit, in full
	repository *Repository

	git     *exec.Cmd
	ask     io.WriteCloser
	answers *bufio.Reader
}

// Close ends the git that answers.
func (v *Revision) Close() error {
	return errors.Join(v.ask.Close(), v.git.Wait())
}

// ReadFile reads a file by its path, relative to the working directory. What is
// not there is fs.ErrNotExist.
func (v *Revision) ReadFile(name string) ([]byte, error) {
	kind, content, err := v.object(name)
	switch {
	case err != nil:
		return nil, err
	case kind == "tree":
		return nil, errors.New("it is a directory; name a file in it")
	case kind != "blob":
		return nil, fmt.Errorf("it is a %s of git", kind)
	}
	return content, nil
}

// object reads what a path names, of whatever kind.
func (v *Revision) object(name string) (kind string, content []byte, err error) {
	inside, err := v.repository.inside(name)
	if err != nil {
		return "", nil, err
	}
	if _, err := fmt.Fprintf(v.ask, "%s:%s\n", v.Hash, inside); err != nil {
		return "", nil, fmt.Errorf("git has stopped: %w", err)
	}
	head, err := v.answers.ReadString('\n')
	if err != nil {
		return "", nil, fmt.Errorf("git has stopped: %w", err)
	}
	head = strings.TrimSuffix(head, "\n")
	if strings.HasSuffix(head, " missing") {
		return "", nil, fs.ErrNotExist
	}
	before, last, _ := cutLast(head, " ")
	size, err := strconv.ParseInt(last, 10, 64)
	if err != nil {
		return "", nil, fmt.Errorf("git answers %q", head)
	}
	content, err = v.content(size)
	if err != nil {
		return "", nil, err
	}
	switch before {
	case "dangling":
		return "", nil, errors.New("it is a symbolic link to a file that the revision does not have")
	case "loop":
		return "", nil, errors.New("it is a symbolic link that leads back to itself")
	case "symlink":
		return "", nil, errors.New("it is a symbolic link that leads out of the repository")
	case "notdir":
		return "", nil, fs.ErrNotExist
	}
	_, kind, _ = cutLast(before, " ")
	return kind, content, nil
}

// content reads an object and the line break after it. All of it has to be
// read, or the next answer would not be found.
func (v *Revision) content(size int64) ([]byte, error) {
	if size > maxFileSize {
		if _, err := io.CopyN(io.Discard, v.answers, size+1); err != nil {
			return nil, fmt.Errorf("git has stopped: %w", err)
		}
		return nil, fmt.Errorf("it is larger than %d MiB", maxFileSize>>20)
	}
	content := make([]byte, size+1)
	if _, err := io.ReadFull(v.answers, content); err != nil {
		return nil, fmt.Errorf("git has stopped: %w", err)
	}
	return content[:size], nil
}

// Files lists the files in a directory, and deep all below it, or the file
// itself, in git's order: paths as ReadFile takes them, symbolic links among
// them. Submodules are not looked into.
func (v *Revision) Files(dir string, deep bool) ([]string, error) {
	kind, _, err := v.object(dir)
	if err != nil {
		return nil, err
	}
	if kind != "tree" {
		return []string{filepath.Clean(dir)}, nil
	}
	inside, err := v.repository.inside(dir)
	if err != nil {
		return nil, err
	}
	args := []string{"ls-tree", "-z", "--full-tree", v.Hash + ":" + inside}
	if deep {
		args = slices.Insert(args, 1, "-r")
	}
	out, err := run(args...)
	if err != nil {
		return nil, err
	}
	var files []string
	for entry := range strings.SplitSeq(out, "\x00") {
		mode, name, found := strings.Cut(entry, "\t")
		if found && !strings.HasPrefix(mode, "160000 ") && !strings.HasPrefix(mode, "040000 ") {
			files = append(files, filepath.Join(dir, filepath.FromSlash(name)))
		}
	}
	return files, nil
}

// inside is a path as git knows it: below the top of the repository, with
// slashes, empty for the top itself.
func (r *Repository) inside(name string) (string, error) {
	if strings.ContainsAny(name, "\x00\n") {
		return "", fs.ErrNotExist // git could not be asked for it
	}
	if filepath.IsAbs(name) {
		if r.top == "" {
			return "", errors.New("it is an absolute path; name it relative to this directory")
		}
		relative, err := filepath.Rel(filepath.FromSlash(r.top), realDirectory(name))
		if err != nil {
			return "", errors.New("it is outside of the repository")
		}
		return below(filepath.ToSlash(relative))
	}
	return below(path.Join(r.prefix, filepath.ToSlash(name)))
}

// realDirectory is a path without symbolic links on the way to its file: git
// names its work tree so.
func realDirectory(name string) string {
	if dir, err := filepath.EvalSymlinks(filepath.Dir(name)); err == nil {
		return filepath.Join(dir, filepath.Base(name))
	}
	return name
}

func below(inside string) (string, error) {
	switch inside = path.Clean(inside); {
	case inside == ".":
		return "", nil
	case inside == "..", strings.HasPrefix(inside, "../"), strings.HasPrefix(inside, "/"):
		return "", errors.New("it is outside of the repository")
	}
	return inside, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+len(sep):], true
}
