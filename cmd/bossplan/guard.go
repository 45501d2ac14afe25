package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"bossplan/interp/guard"
	"bossplan/interp/judge"
	"bossplan/interp/wire"
	"bossplan/plan"
	"bossplan/plan/diag"
)

// resolveTimeout is how long names are looked up for guards. A name that takes
// longer is looked at again when it is dialled.
const resolveTimeout = 10 * time.Second

// passGuards lets the jobs through that their plans' guards allow. If any of
// them is refused none is run: what is missing for all is said at once.
func (a *app) passGuards(jobs []*job, o applyFlags) int {
	guarded := slices.ContainsFunc(jobs, func(j *job) bool { return len(j.plan.Guards) > 0 })
	if !guarded {
		return exitPass
	}
	consent := a.consent(o)
	now := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), resolveTimeout)
	defer cancel()
	var lacking []lack
	targets := make([][]guard.Target, len(jobs))
	for i, j := range jobs {
		targets[i] = guard.Resolve(ctx, j.plan, net.DefaultResolver)
		j.gate = guard.New(j.plan, consent, now)
		lacking = append(lacking, lacks(j, targets[i])...)
	}
	if a.asks && len(lacking) > 0 && !slices.ContainsFunc(lacking, func(l lack) bool { return l.Kind != guard.Confirm }) {
		consent.Confirmed = append(consent.Confirmed, a.askFor(lacking)...)
		lacking = nil
		for i, j := range jobs {
			j.gate = guard.New(j.plan, consent, now)
			lacking = append(lacking, lacks(j, targets[i])...)
		}
	}
	for i, j := range jobs {
		j.guards = j.gate.Protecting(targets[i])
	}
	if len(lacking) == 0 {
		return exitPass
	}
	return a.refuse(lacking, jobs, o)
}

// wireGate is the job's gate as connections ask it.
func (j *job) wireGate() wire.Gate {
	if j.gate == nil {
		return nil
	}
	return j.gate
}

// consent is what the command line and the environment give.
func (a *app) consent(o applyFlags) guard.Consent {
	c := guard.Consent{Confirmed: slices.Clone(o.confirm), Acknowledged: o.ack}
	if names, ok := a.env("BOSSPLAN_CONFIRM"); ok {
		c.Confirmed = append(c.Confirmed, strings.Split(names, ",")...)
	}
	return c
}

// A lack is something that a job's target lacks.
type lack struct {
	guard.Missing
	target guard.Target
	job    *job
}

func lacks(j *job, targets []guard.Target) []lack {
	var list []lack
	for _, t := range targets {
		for _, m := range j.gate.Missing([]guard.Target{t}) {
			list = append(list, lack{m, t, j})
		}
	}
	return list
}

// where says which target it is.
func (l lack) where() string {
	var addresses, hosts []string
	for _, a := range l.target.Addresses {
		if a.String() != l.target.Name {
			addresses = append(addresses, a.String())
		}
	}
	for _, h := range l.target.Hosts {
		hosts = append(hosts, h.Address())
	}
	text := l.target.Name
	if len(addresses) > 0 {
		text += " at " + strings.Join(addresses, ", ")
	}
	return text + " (" + strings.Join(hosts, ", ") + ")"
}

// askFor has the person at the terminal type the names that must be confirmed.
// It ends with the first that is not typed.
func (a *app) askFor(lacking []lack) []string {
	var confirmed []string
	in := bufio.NewReader(io.LimitReader(a.stdin, 1<<16))
	for _, l := range lacking {
		if slices.Contains(confirmed, l.Text) {
			continue
		}
		fmt.Fprintf(a.stderr, "%s protects %s.\nTo load it, type its name: ", l.Guard.Address(), l.where())
		line, _ := in.ReadString('\n')
		if !strings.EqualFold(strings.TrimSpace(line), l.Text) {
			break
		}
		confirmed = append(confirmed, l.Text)
	}
	return confirmed
}

// refuse says in one message what is missing, and the command that would be
// accepted.
func (a *app) refuse(lacking []lack, jobs []*job, o applyFlags) int {
	message := refusal(lacking) + a.acceptedCommand(lacking, jobs)
	fmt.Fprintf(a.stderr, "bossplan: %s", message)
	if o.json {
		at := lacking[0].Guard.DeclRange
		list := diag.New(hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "Refused by a guard", Detail: message,
			Subject: &at, Extra: diag.Address(lacking[0].Guard.Address()),
		}}, jobTexts(jobs))
		if err := a.writeReport(a.stdout, false, list, "json"); err != nil {
			return a.internalError(err)
		}
	}
	return judge.ExitRefused
}

// refusal is what each guard lacks for each target.
func refusal(lacking []lack) string {
	var b strings.Builder
	b.WriteString("refused by a guard; nothing was sent.\n")
	last := ""
	for _, l := range lacking {
		at := l.Guard.DeclRange
		head := fmt.Sprintf("\n  %s (%s:%d) protects %s.\n", l.Guard.Address(), at.Filename, at.Start.Line, l.where())
		if head != last {
			b.WriteString(head)
			last = head
		}
		switch l.Kind {
		case guard.Confirm:
			fmt.Fprintf(&b, "    missing: --confirm %s\n", shellQuoted(l.Text))
		case guard.Acknowledge:
			fmt.Fprintf(&b, "    missing: --ack %s\n", shellQuoted(l.Text))
		default:
			fmt.Fprintf(&b, "    %s\n", l.Text)
		}
	}
	return b.String()
}

// acceptedCommand is the command line with what is missing in it.
func (a *app) acceptedCommand(lacking []lack, jobs []*job) string {
	lead := "\nThis would be accepted:\n "
	var given []string
	for _, l := range lacking {
		var words []string
		switch l.Kind {
		case guard.Confirm:
			words = []string{"--confirm", l.Text}
		case guard.Acknowledge:
			words = []string{"--ack", l.Text}
		case guard.Window:
			lead = "\nThis would be accepted at that time:\n "
		case guard.Limit:
			return "\nNo flag goes beyond a guard's limits: change the plan.\n"
		}
		if len(words) > 0 && !followed(given, words) {
			given = append(given, words...)
		}
	}
	args := a.args
	for _, j := range jobs {
		args = withoutSecrets(args, j.plan)
	}
	words := slices.Concat([]string{"bossplan", args[0]}, given, args[1:])
	for _, word := range words {
		lead += " " + shellQuoted(word)
	}
	return lead + "\n"
}

// followed reports whether a flag with its value is among the words.
func followed(words, flag []string) bool {
	for i := 0; i+1 < len(words); i += 2 {
		if words[i] == flag[0] && words[i+1] == flag[1] {
			return true
		}
	}
	return false
}

// jobTexts are the texts of all jobs' files.
func jobTexts(jobs []*job) map[string][]byte {
	texts := map[string][]byte{}
	for _, j := range jobs {
		for _, s := range j.plan.Sources {
			texts[s.Name] = s.Bytes
		}
	}
	return texts
}

// shellQuoted is a word as a shell reads it.
func shellQuoted(word string) string {
	const safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=./:,@%+"
	if word != "" && strings.Trim(word, safe) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// withoutSecrets are the arguments of a call without the values of a plan's
// sensitive variables.
func withoutSecrets(args []string, p *plan.Plan) []string {
	list := make([]string, 0, len(args))
	for _, arg := range args {
		flag := ""
		if strings.HasPrefix(arg, "--var=") {
			flag, arg = "--var=", strings.TrimPrefix(arg, "--var=")
		}
		for _, v := range p.Variables {
			if v.Sensitive && strings.HasPrefix(arg, v.Name+"=") {
				arg = v.Name + "=(sensitive)"
			}
		}
		list = append(list, flag+arg)
	}
	return list
}
