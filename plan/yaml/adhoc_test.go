package yaml
import ("testing";"strings";"time";"github.com/hashicorp/hcl/v2")
func TestAdhoc(t *testing.T){
 for _,s:=range []string{"x: ["+strings.Repeat("1, ", 100_000)+"]\n", "x: |\n" + strings.Repeat("\n", 100_000) + "    ${nothing}\n","a:\n"+strings.Repeat("  a: {}\n", 20_000)} {
  st:=time.Now()
  f,d:=Parse([]byte(s),"x",nil)
  t.Log(len(s), time.Since(st), d.HasErrors())
  st=time.Now()
  a,_:=f.Body.JustAttributes()
  for _,x:=range a { hcl.ExprList(x.Expr); x.Expr.Variables(); t.Log(time.Since(st));x.Expr.Value(nil) }
  t.Log(time.Since(st))
 }
}
