package shapes

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pages are the documents that people read, by slash-separated path.
func pages(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/adr/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			out = append(out, filepath.ToSlash(f))
		}
	}
	return out
}

// A link into the repository leads to a file that is there, and to a heading
// that the file has.
func TestLinksLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, page := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(readText(t, page), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			file, anchor, hasAnchor := strings.Cut(m[1], "#")
			target := page
			if file != "" {
				target = path.Join(path.Dir(page), file)
			}
			if _, err := os.Stat(filepath.FromSlash(target)); err != nil {
				t.Errorf("%s: the link %s leads nowhere: %v", page, m[1], err)
			} else if hasAnchor && !anchors(readText(t, target))[anchor] {
				t.Errorf("%s: the link %s leads to a heading that %s does not have", page, m[1], target)
			}
		}
	}
}

// anchors are the names that links into a page may have: those that its
// headings get, and those that it gives.
func anchors(text string) map[string]bool {
	out := map[string]bool{}
	entity, other := regexp.MustCompile(`&[a-z]+;`), regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		name := other.ReplaceAllString(entity.ReplaceAllString(strings.ToLower(m[1]), ""), "")
		out[strings.ReplaceAll(name, " ", "-")] = true
	}
	for _, m := range regexp.MustCompile(`<a (?:id|name)="([^"]+)">`).FindAllStringSubmatch(text, -1) {
		out[m[1]] = true
	}
	return out
}

// Every room of the house is named where newcomers look for it.
func TestArchitectureNamesEveryRoom(t *testing.T) {
	text := readText(t, "ARCHITECTURE.md")
	_, house, ok := strings.Cut(text, "## The house")
	if !ok {
		t.Fatal("ARCHITECTURE.md has no chapter “The house”")
	}
	for _, r := range rooms() {
		if strings.HasPrefix(r.path, "core/") || strings.HasPrefix(r.path, "gui/") {
			if name := path.Base(r.path); !strings.Contains(house, "`"+name+"`") && !strings.Contains(house, "`"+r.path+"`") {
				t.Errorf("ARCHITECTURE.md, “The house”: package %s is not named", r.path)
			}
		}
	}
}
