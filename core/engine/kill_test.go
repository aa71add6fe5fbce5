package engine

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
)

// victimEnv makes a process run a node's session until it is killed.
const (
	victimEnv = "SHAPES_TEST_VICTIM"
	victimID  = "SHAPES_TEST_VICTIM_NODE"
)

// victim runs or resumes the session of a node and says how it ended.
func victim(dir string) int {
	ctx := context.Background()
	e, err := Open(ctx, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		fmt.Println("open:", err)
		return 1
	}
	defer e.Close()
	node := os.Getenv(victimID)
	if s, err := e.Session(ctx, node); err == nil && s.Status == session.Paused {
		err = e.Resume(ctx, s.ID)
		if err != nil {
			fmt.Println("resume:", err)
			return 1
		}
	} else if runs, err := e.Runs(ctx, node); err != nil || len(runs) > 0 {
		fmt.Println("ended")
		return 0
	} else if _, err := e.Start(ctx, node); err != nil {
		fmt.Println("start:", err)
		return 1
	}
	s, err := e.Wait(ctx, node)
	if err != nil {
		fmt.Println("wait:", err)
		return 1
	}
	fmt.Println("ended", s.Status, s.Reason)
	return 0
}

// grid writes n × n squares in two levels: enough for many tasks.
func gridFile(t *testing.T, dir string, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i := range n * n {
		if i > 0 {
			b.WriteByte(',')
		}
		x, y := float64(i%n)*3-60, float64(i/n)*2-40
		fmt.Fprintf(&b, `{"type":"Feature","properties":{"name":"cell %d"},"geometry":{"type":"Polygon","coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}`,
			i, x, y, x+3, y, x+3, y+2, x+1.5, y+2+float64(i%2)/9, x, y+2, x, y)
	}
	b.WriteString(`]}`)
	return write(t, dir, "grid.geojson", b.String())
}

// kills is how often the run is killed; SHAPES_KILLS sets another number.
func kills(t *testing.T) int {
	t.Helper()
	n := 12
	if text := os.Getenv("SHAPES_KILLS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// A session that is killed at any moment goes on to the same tiles, leaves
// nothing behind, and loses nothing that was committed.
func TestKilledAtAnyMoment(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes: left out of -short")
	}
	dir := t.TempDir()
	in := gridFile(t, dir, 40)
	calm := openEngine(t, filepath.Join(dir, "calm"))
	n := newShape(t, calm, "Grid", in)
	began := time.Now()
	runTo(t, calm, n.ID, session.Completed)
	took := time.Since(began)
	want := tilesOf(t, calm, n.ID)

	todo := kills(t)
	rng := rand.New(rand.NewPCG(1, uint64(todo)))
	for round := 0; todo > 0; round++ {
		data := filepath.Join(dir, fmt.Sprint("data", round))
		e, err := Open(t.Context(), data, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		n := newShape(t, e, "Grid", in)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		for range 4 { // several deaths of one session
			after := time.Duration(rng.Int64N(int64(took) + int64(300*time.Millisecond)))
			if !killVictim(t, data, n.ID, after) {
				break
			}
			todo--
		}
		finishVictim(t, data, n.ID)
		checkSurvivor(t, data, n.ID, want)
	}
}

func tilesOf(t *testing.T, e *Engine, node string) map[tile.ID][]byte {
	t.Helper()
	tiles, err := e.OpenNode(t.Context(), node)
	if err != nil {
		t.Fatal(err)
	}
	return allTiles(t, tiles)
}

// runTo runs a session to its end.
func runTo(t *testing.T, e *Engine, node string, want session.Status) {
	t.Helper()
	s, err := e.Start(t.Context(), node)
	if err == nil {
		s, err = e.Wait(t.Context(), s.ID)
	}
	if err != nil || s.Status != want {
		t.Fatalf("session %s %q: %v", s.Status, s.Reason, err)
	}
}

func victimCommand(t *testing.T, data, node string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"="+data, victimID+"="+node)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	return cmd, &said
}

// killVictim starts a process that runs the session and kills it; it reports
// whether it was killed before it ended by itself.
func killVictim(t *testing.T, data, node string, after time.Duration) bool {
	t.Helper()
	cmd, said := victimCommand(t, data, node)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		return false
	case <-time.After(after):
		_ = cmd.Process.Kill()
		<-ended
		return true
	}
}

// finishVictim lets the session come to its end.
func finishVictim(t *testing.T, data, node string) {
	t.Helper()
	cmd, said := victimCommand(t, data, node)
	if err := cmd.Run(); err != nil || !strings.HasPrefix(said.String(), "ended") {
		t.Fatalf("%v: %s", err, said)
	}
}

// checkSurvivor compares the tiles and looks for what is left.
func checkSurvivor(t *testing.T, data, node string, want map[tile.ID][]byte) {
	t.Helper()
	e, err := Open(t.Context(), data, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	got := tilesOf(t, e, node)
	if len(got) != len(want) {
		t.Fatalf("%d tiles, want %d", len(got), len(want))
	}
	for id, data := range want {
		if !bytes.Equal(got[id], data) {
			t.Fatalf("tile %v differs", id)
		}
	}
	r, err := e.Check(t.Context(), false)
	if err != nil || len(r.Findings) > 0 {
		t.Fatalf("%+v, %v", r.Findings, err)
	}
	if all, err := e.Sessions(t.Context()); err != nil || len(all) > 0 {
		t.Fatalf("%d sessions are left, %v", len(all), err)
	}
	for _, sub := range []string{"scratch", "tiles"} {
		entries, err := os.ReadDir(filepath.Join(data, sub))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range entries {
			if sub == "scratch" || !strings.HasPrefix(d.Name(), node) {
				t.Errorf("%s/%s is left", sub, d.Name())
			}
		}
	}
	if runs, err := e.Runs(t.Context(), node); err != nil || len(runs) != 1 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}
