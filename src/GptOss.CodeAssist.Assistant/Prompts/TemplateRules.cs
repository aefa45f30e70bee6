using Fluid;
using Fluid.Ast;

namespace GptOss.CodeAssist.Assistant.Prompts;

/// <summary>Finds what a prompt has no use for and may not use: loops, ranges, variables, filters and other files, with which a few lines of a stranger's fill all memory or never end.</summary>
internal sealed class TemplateRules : AstVisitor
{
    private string? _forbidden;

    /// <summary>The first thing that is not allowed, in words; null where there is none.</summary>
    public static string? FindForbidden(IFluidTemplate template)
    {
        var rules = new TemplateRules();
        rules.VisitTemplate(template);
        return rules._forbidden;
    }

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) => Forbid("ranges", rangeExpression);

    protected override Expression VisitFilterExpression(FilterExpression filterExpression) => Forbid("filters", filterExpression);

    protected override Statement VisitForStatement(ForStatement forStatement) => Forbid("loops", forStatement);

    protected override Statement VisitTableRowStatement(TableRowStatement tableRowStatement) => Forbid("loops", tableRowStatement);

    protected override Statement VisitAssignStatement(AssignStatement assignStatement) => Forbid("variables", assignStatement);

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement) => Forbid("variables", captureStatement);

    protected override Statement VisitMacroStatement(MacroStatement macroStatement) => Forbid("macros", macroStatement);

    protected override Statement VisitLiquidStatement(LiquidStatement liquidStatement) => Forbid("the tag liquid", liquidStatement);

    protected override Statement VisitIncludeStatement(IncludeStatement includeStatement) => Forbid("other files", includeStatement);

    protected override Statement VisitRenderStatement(RenderStatement renderStatement) => Forbid("other files", renderStatement);

    protected override Statement VisitFromStatement(FromStatement fromStatement) => Forbid("other files", fromStatement);

    private T Forbid<T>(string what, T found)
    {
        _forbidden ??= what;
        return found;
    }
}
