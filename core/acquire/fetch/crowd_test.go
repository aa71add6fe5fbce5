package fetch

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/fetch/faulty"
)

// Three hundred files from a server that fails a third of all requests: each
// comes whole or with a reason, and what did not come comes when asked again,
// from where it broke off.
func TestACrowdOfFilesFromABadServer(t *testing.T) {
	const files = 300
	inBubble(t, func(s *faulty.Server, o *Options) { o.Default.AtOnce = 4 }, func(b *bench) {
		data, states, missing := make([][]byte, files), make([]State, files), make([]int, files)
		for i := range files {
			data[i], missing[i] = noise(20_000)[i:], i
			b.Put(fmt.Sprintf("/cell/%d", i), data[i])
		}
		// Those faults that only the content tells are for who knows the content.
		var menu []faulty.Fault
		for _, f := range faulty.Mischief() {
			switch f.Name {
			case "200 html", "empty", "short length", "other body":
			default:
				menu = append(menu, f)
			}
		}
		b.RandomOf(4, 0.3, menu...)
		dir := filepath.Dir(b.part)
		for round := 0; len(missing) > 0; round++ {
			if round == 20 {
				t.Fatalf("%d files never came", len(missing))
			}
			b.Forget()
			failed := make([]bool, files)
			var all sync.WaitGroup
			for _, i := range missing {
				all.Go(func() {
					part := filepath.Join(dir, fmt.Sprint(i))
					got, err := b.client.Fetch(b.t.Context(), Get{URL: fmt.Sprintf("%s/cell/%d", b.URL(), i), Part: part, Resume: states[i]})
					states[i], failed[i] = got.State, err != nil
					have, readErr := os.ReadFile(part)
					switch {
					case err != nil && KindOf(err) == "":
						t.Errorf("file %d has no reason: %v", i, err)
					case err == nil && (readErr != nil || sum(have) != sum(data[i]) || got.SHA256 != sum(have)):
						t.Errorf("file %d: wrong bytes", i)
					}
				})
			}
			all.Wait()
			asked := missing
			missing = nil
			for _, i := range asked {
				if failed[i] {
					missing = append(missing, i)
				}
			}
			t.Logf("round %d: %d files asked for, %d requests, %d failed", round, len(asked), len(b.Requests()), len(missing))
		}
		if b.Most() > 4 {
			t.Errorf("%d requests at once", b.Most())
		}
	})
}
