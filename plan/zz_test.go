package plan
import ("testing";"fmt";"strings";"time")
func TestZZ(t *testing.T){
	var b strings.Builder
	b.WriteString("host \"api\" {\n  base_url = \"http://localhost\"\n}\nuser_class \"u\" {\n  host = host.api\n")
	for i := range 10_000 { fmt.Fprintf(&b, "  request \"r%d\" {\n    path = \"/api/%d/${user.id}\"\n    weight = 2\n  }\n", i, i) }
	b.WriteString("}\n")
	for range 3 { s:=time.Now(); _,d:=load(Inputs{}, map[string]string{"plans/main.hcl": b.String()}); fmt.Println(b.Len(), len(d), time.Since(s)) }
	_, d := Load("", Inputs{}); fmt.Println(messages(d))
	_, d = Load("testdata/", Inputs{}); fmt.Println(messages(d))
	_, d = Load("testdata/invalid/lib/other.yaml", Inputs{}); fmt.Println(messages(d))
}
