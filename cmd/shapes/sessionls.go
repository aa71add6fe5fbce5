package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

func newSessionLs(v env) *cobra.Command {
	var withRuns, asJSON bool
	c := &cobra.Command{
		Use:   "ls",
		Short: "List sessions, the newest first",
		Long: `ls lists sessions that run, are paused, or have ended and can be retried; with
--runs also what the last 20 runs of each shape did.

--json writes an object with sessions, an array of: id, node, name, status, percent,
created, started, ended, worked_seconds, remaining_seconds, cpu_seconds, current,
reason, interrupted, tasks (total, completed, failed, stopped), tiles, bytes, faults;
and with --runs runs, an array as in node show, with node and name.`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			return v.withAny(c, func(ctx context.Context, a asked, _ string) error {
				return v.sessions(ctx, a, withRuns, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&withRuns, "runs", false, "list the runs that ended as well")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// sessionsJSON is what session ls --json writes.
type sessionsJSON struct {
	Sessions []sessionJSON `json:"sessions"`
	Runs     []runJSON     `json:"runs,omitempty"`
}

func (v env) sessions(ctx context.Context, a asked, withRuns, asJSON bool) error {
	all, err := a.Sessions(ctx)
	if err != nil {
		return err
	}
	var ran []ran
	if withRuns {
		if ran, err = runsBelow(ctx, a, tree.Root); err != nil {
			return err
		}
		sortRuns(ran)
	}
	if asJSON {
		out := sessionsJSON{Sessions: []sessionJSON{}}
		for _, s := range all {
			out.Sessions = append(out.Sessions, sessionOf(s))
		}
		for _, r := range ran {
			out.Runs = append(out.Runs, runOf(r.RunSummary, r.name))
		}
		return writeJSON(v.s.out, out)
	}
	if len(all)+len(ran) == 0 {
		_, err := fmt.Fprintln(v.s.out, "there are no sessions")
		return err
	}
	t := table{elastic: 1, right: map[int]bool{3: true, 4: true, 5: true}}
	t.row("ID", "NODE", "STATUS", "DONE", "TASKS", "WORKED", "")
	for _, s := range all {
		t.row(s.ID, s.NodeName, string(s.Status), fmt.Sprintf("%.0f %%", s.Progress.Overall),
			fmt.Sprintf("%d/%d", s.Session.Completed, s.Total), worked(s.Worked), sessionNote(s))
	}
	for _, r := range ran {
		t.row(r.Session, r.name, r.Status, "", "", worked(r.Worked), runText(r.RunSummary))
	}
	t.write(v.s.out, v.s.columns())
	return nil
}

func worked(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }

// sessionNote says what stands out in a session.
func sessionNote(s engine.Session) string {
	var notes []string
	if s.Interrupted && s.Status == session.Paused {
		notes = append(notes, "interrupted")
	}
	if s.Failed > 0 {
		notes = append(notes, fmt.Sprintf("%d failed", s.Failed))
	}
	if s.Reason != "" {
		notes = append(notes, oneLine(s.Reason))
	}
	return strings.Join(notes, ", ")
}

// ran is a run that ended, with the name of its node.
type ran struct {
	shape.RunSummary
	name string
}

// runsBelow gathers the runs of all shapes in a folder.
func runsBelow(ctx context.Context, a asked, parent string) ([]ran, error) {
	nodes, err := a.Children(ctx, parent)
	if err != nil {
		return nil, err
	}
	var out []ran
	for _, n := range nodes {
		if n.Type == tree.Folder {
			more, err := runsBelow(ctx, a, n.ID)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
			continue
		}
		runs, err := a.Runs(ctx, n.ID)
		if err != nil {
			return nil, err
		}
		for _, r := range runs {
			out = append(out, ran{r, n.Name})
		}
	}
	return out, nil
}

// sortRuns brings runs into order, the newest first.
func sortRuns(all []ran) {
	slices.SortStableFunc(all, func(a, b ran) int { return b.Ended.Compare(a.Ended) })
}

func newSessionShow(v env) *cobra.Command {
	var tasks, asJSON bool
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show a session, and its tasks",
		Long: `show tells how a session stands; with --tasks also each of its tasks, as a tree.

--json writes an object with session (as session ls does) and, with --tasks, tasks:
an array of id, name, stage, status, percent, error, count and tasks below it.`,
		Args: exactly("ID"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withAny(c, func(ctx context.Context, a asked, owner string) error {
				s, err := v.session(ctx, a, args[0])
				if err != nil {
					return err
				}
				return v.show(ctx, a, s, owner, tasks, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&tasks, "tasks", false, "list the tasks")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

func (v env) show(ctx context.Context, a asked, s engine.Session, owner string, tasks, asJSON bool) error {
	if asJSON {
		out := struct {
			Session sessionJSON `json:"session"`
			Tasks   []taskJSON  `json:"tasks,omitempty"`
		}{Session: sessionOf(s)}
		if tasks {
			var err error
			if out.Tasks, err = tasksBelow(ctx, a, s.ID, ""); err != nil {
				return err
			}
		}
		return writeJSON(v.s.out, out)
	}
	fact := factsOf(v.s.out)
	fact("session", "%s", s.ID)
	fact("shape", "%s", s.NodeName)
	fact("status", "%s%s", s.Status, because(s.Reason))
	if owner != "" {
		fact("run by", "%s", owner)
	}
	fact("progress", "%.0f %%: download %.0f %%, simplify1 %.0f %%, simplify2 %.0f %%, vector tiles %.0f %%",
		s.Progress.Overall, s.Progress.Download, s.Progress.Simplify1, s.Progress.Simplify2, s.Progress.VectorTile)
	fact("current", "%s", s.Current)
	fact("tasks", "%d of %d completed, %d failed, %d cancelled or skipped", s.Session.Completed, s.Total, s.Failed, s.Stopped)
	fact("tiles", "%s, %s of tile data", comma(int(s.Tiles)), humanize.Bytes(uint64(s.Bytes)))
	fact("worked", "%s", worked(s.Worked))
	fact("faults", "%s", faultsOf(s.Faults))
	if !tasks {
		return nil
	}
	t := table{right: map[int]bool{2: true}}
	if err := eachTask(ctx, a, s.ID, "", 0, func(task engine.Task, depth int) {
		t.row(strings.Repeat("  ", depth)+task.ID, string(task.Status), fmt.Sprintf("%.0f %%", task.Percent), oneLine(task.Error))
	}); err != nil {
		return err
	}
	t.write(v.s.out, v.s.columns())
	return nil
}

// taskPage is how many tasks are asked for at once.
const taskPage = 500

// eachTask calls fn for every task below parent, before those below it.
func eachTask(ctx context.Context, a asked, id, parent string, depth int, fn func(t engine.Task, depth int)) error {
	after := ""
	for {
		page, err := a.Tasks(ctx, id, parent, after, taskPage)
		if err != nil {
			return err
		}
		for _, t := range page {
			fn(t, depth)
			if t.Children > 0 {
				if err := eachTask(ctx, a, id, t.ID, depth+1, fn); err != nil {
					return err
				}
			}
		}
		if len(page) < taskPage {
			return nil
		}
		after = page[len(page)-1].ID
	}
}

func tasksBelow(ctx context.Context, a asked, id, parent string) ([]taskJSON, error) {
	after := ""
	var out []taskJSON
	for {
		page, err := a.Tasks(ctx, id, parent, after, taskPage)
		if err != nil {
			return nil, err
		}
		for _, t := range page {
			j := taskJSON{
				ID: t.ID, Name: t.Name, Stage: string(t.Stage), Status: string(t.Status), Percent: millionths(t.Percent),
				Error: t.Error, Count: t.Children,
			}
			if t.Children > 0 {
				if j.Tasks, err = tasksBelow(ctx, a, id, t.ID); err != nil {
					return nil, err
				}
			}
			out = append(out, j)
		}
		if len(page) < taskPage {
			return out, nil
		}
		after = page[len(page)-1].ID
	}
}
