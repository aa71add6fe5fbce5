package tileset

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// cleanSuffix names the small file beside a tile file that says in which state
// it was last known to be sound.
const cleanSuffix = ".clean"

// cleanState is what must still be true of a file that was sound.
func cleanState(file string) (string, error) {
	info, err := os.Stat(file)
	if err != nil {
		return "", fmt.Errorf("open tile file: %w", err)
	}
	return fmt.Sprintf("shapes tile file %d, %d bytes, %d\n", format, info.Size(), info.ModTime().UnixNano()), nil
}

// isClean reports whether the file is as it was when last written or checked.
func isClean(path string) bool {
	now, err := cleanState(path)
	if err != nil {
		return false
	}
	then, err := os.ReadFile(path + cleanSuffix)
	return err == nil && string(then) == now
}

// markClean notes that what path names, or will name, is sound as file is now.
func markClean(path, file string) error {
	now, err := cleanState(file)
	if err != nil {
		return err
	}
	f, err := atomicfile.Create(path + cleanSuffix)
	if err != nil {
		return err
	}
	if _, err := strings.NewReader(now).WriteTo(f); err != nil {
		return errors.Join(atomicfile.Explain("write "+path+cleanSuffix, err), f.Abort())
	}
	return f.Commit()
}

// Remove deletes a tile file and what stands beside it. A file that is not
// there is no error.
func Remove(path string) error {
	var errs []error
	for _, p := range []string{path, path + cleanSuffix} {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("remove tiles: %w", err))
		}
	}
	return errors.Join(errs...)
}
