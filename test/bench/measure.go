package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sample is what one run of a child process took.
type sample struct {
	wall, cpu float64 // seconds
	rss       int64   // peak bytes, 0 where the system does not tell
}

// result is what a case came to: medians of its samples.
type result struct {
	name            string
	vertices, tiles int
	bytes           int64
	ours, peer      sample
	peerTiles       int
	peerBytes       int64
}

// measure runs both programs in turn, so that a machine that gets slower or
// busier does so for both.
func measure(ctx context.Context, o options, c benchCase, scratch string) (result, error) {
	r := result{name: fmt.Sprintf("%s z0-%d", c.name, c.maxZoom)}
	var ours, peers []sample
	for range o.runs {
		s, err := r.runOurs(ctx, o, c, scratch)
		if err != nil {
			return r, err
		}
		ours = append(ours, s)
		if !o.peer {
			continue
		}
		if s, err = r.runPeer(ctx, c, scratch); err != nil {
			return r, err
		}
		peers = append(peers, s)
	}
	r.ours, r.peer = median(ours), median(peers)
	return r, nil
}

// runOurs runs shapes once and takes the counts from its statistics.
func (r *result) runOurs(ctx context.Context, o options, c benchCase, scratch string) (sample, error) {
	out, stats := filepath.Join(scratch, "ours.pmtiles"), filepath.Join(scratch, "stats.json")
	args := []string{"build", c.input, "-o", out, "--maxzoom", strconv.Itoa(c.maxZoom), "--stats", stats, "--quiet"}
	if o.workers != "" {
		args = append(args, "--workers", o.workers)
	}
	s, _, err := child(ctx, o.shapes, args...)
	if err != nil {
		return s, err
	}
	data, err := os.ReadFile(stats)
	if err != nil {
		return s, err
	}
	var counts struct {
		VerticesIn int   `json:"vertices_in"`
		Tiles      int   `json:"tiles"`
		Bytes      int64 `json:"bytes"`
	}
	if err := json.Unmarshal(data, &counts); err != nil {
		return s, fmt.Errorf("read statistics: %w", err)
	}
	r.vertices, r.tiles, r.bytes = counts.VerticesIn, counts.Tiles, counts.Bytes
	return s, nil
}

func (r *result) runPeer(ctx context.Context, c benchCase, scratch string) (sample, error) {
	script, err := filepath.Abs(filepath.FromSlash("test/bench/peer.mjs"))
	if err != nil {
		return sample{}, err
	}
	s, said, err := child(ctx, "node", "--max-old-space-size=8000", script, c.file, strconv.Itoa(c.maxZoom), filepath.Join(scratch, "peer.tiles"))
	if err != nil {
		return s, err
	}
	_, err = fmt.Sscanf(said, "tiles %d bytes %d", &r.peerTiles, &r.peerBytes)
	if err != nil {
		return s, fmt.Errorf("geojson-vt said %q: %w", said, err)
	}
	return s, nil
}

// child runs a program to its end and reports its own use of the machine and
// what it said.
func child(ctx context.Context, program string, args ...string) (sample, string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, io.Writer(&errs)
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start).Seconds()
	if err != nil {
		return sample{}, "", fmt.Errorf("%s %s: %w: %s", program, strings.Join(args, " "), err, strings.TrimSpace(errs.String()))
	}
	used := cmd.ProcessState
	return sample{wall, (used.UserTime() + used.SystemTime()).Seconds(), peakRSS(used)}, out.String(), nil
}

// median takes each figure's own median. The zero sample for no samples.
func median(samples []sample) sample {
	if len(samples) == 0 {
		return sample{}
	}
	var wall, cpu []float64
	var rss []int64
	for _, s := range samples {
		wall, cpu, rss = append(wall, s.wall), append(cpu, s.cpu), append(rss, s.rss)
	}
	slices.Sort(wall)
	slices.Sort(cpu)
	slices.Sort(rss)
	m := len(samples) / 2
	return sample{wall[m], cpu[m], rss[m]}
}
