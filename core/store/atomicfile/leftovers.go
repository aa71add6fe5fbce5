package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Leftovers returns the temporary files and folders of path that a process
// which was killed has left, in the order of their names. Those of a writer
// that is still at work are among them: the caller knows that there is none.
func Leftovers(path string) ([]string, error) {
	before, after, _ := strings.Cut(tempPattern(path), "*")
	dir := filepath.Dir(path)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for leftovers of %s: %w", path, err)
	}
	var left []string
	for _, e := range entries {
		number, ok := strings.CutPrefix(e.Name(), before)
		if number, ok2 := strings.CutSuffix(number, after); ok && ok2 && strings.Trim(number, "0123456789") == "" {
			left = append(left, filepath.Join(dir, e.Name()))
		}
	}
	return left, nil
}
