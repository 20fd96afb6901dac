"""Words of tables and sentences that commands print, in English and Chinese."""

from collections.abc import Mapping
from typing import Final

TOLD: Final[Mapping[str, tuple[str, str]]] = {
    # tables
    "scenarios": ("Scenarios", "情景"),
    "roadmaps": ("Roadmaps", "路线图"),
    "policies": ("Policies", "政策"),
    "name": ("name", "名称"),
    "label": ("label", "说明"),
    "file": ("file", "文件"),
    "settings": ("settings", "设定项"),
    "unit": ("unit", "单位"),
    "parameter": ("parameter", "参数"),
    "before": ("before", "原值"),
    "after": ("after", "现值"),
    "set_at": ("set at", "设定位置"),
    "milestone": ("milestone", "里程碑"),
    "value": ("value", "模拟值"),
    "target": ("target", "目标"),
    "margin": ("margin", "余量"),
    "met_from": ("met from", "达标年份"),
    "pass": ("met", "达标"),
    "fail": ("missed", "未达标"),
    "not applicable": ("n/a", "不适用"),
    "inactive_note": ("not yet active", "尚未建模"),
    "series": ("series", "指标"),
    "role": ("the model was", "模型自由度"),
    "years": ("years", "年份"),
    "worst": ("worst", "最大误差"),
    "worst_year": ("in", "年份"),
    "bar": ("within", "允许误差"),
    "model": ("model", "模型"),
    "bias": ("bias", "偏差"),
    "last_value": ("last value", "末值"),
    "trend": ("trend", "趋势"),
    "worst_bar": ("worst / bar", "最大/允许"),
    "largest_share": ("largest share", "最大占比"),
    "printed": ("printed", "文献值"),
    "modelled": ("model", "模型值"),
    "in_range": ("range", "区间内"),
    "met": ("met", "达标"),
    "missed": ("missed", "未达标"),
    "not represented": ("not represented", "未建模"),
    "contradicted": ("contradicted by data", "与数据矛盾"),
    "documents_sum": (
        (
            "Of {count} numbers {met} are met, {missed} missed, {contradicted} contradicted by "
            "data; {without} have no counterpart."
        ),
        "{count}项中{met}项达标，{missed}项未达标，{contradicted}项与数据矛盾，{without}项未建模。",
    ),
    "documents_reasons": (
        "Why numbers are missed, or what contradicts them:",
        "未达标或与数据矛盾的原因：",
    ),
    "documents_observed": (
        "    observed {value}, model {model} ({allowed}): {source}, {where}",
        "    实测{value}，模型{model}（{allowed}）：{source}，{where}",
    ),
    "documents_reason": ("  {name}: {reason}", "  {name}：{reason}"),
    "reported": ("reported", "公布值"),
    "error": ("error", "误差"),
    "change": ("change on the year before", "同比变化"),
    "points": ("{value} points", "{value} 个百分点"),
    "free_year": (
        "{year}, the first year after the observed ones, beside what was published since",
        "{year}年（观测年份之后的首年）与其后公布数据对照",
    ),
    "documents": (
        "Numbers printed in the source documents, beside the model's",
        "来源文献数值与模型对照",
    ),
    "residuals": (
        "What closes the national totals by hand, as a share of them",
        "为闭合全国总量而设的残差及其占比",
    ),
    # sentences
    "peak": (
        "Gross CO2 peaks in {year} at {size:,.0f} Mt.",
        "二氧化碳总排放{year}年达峰，{size:,.0f} Mt。",
    ),
    "no_peak": (
        "Gross CO2 is highest in {year}, at the end of the run: {size:,.0f} Mt.",
        "二氧化碳总排放在模拟末年（{year}年）最高：{size:,.0f} Mt。",
    ),
    "sector_stages": (
        "\nPeaks, stages and plateaus by sector (CO2 with purchased energy; final energy)",
        "\n分行业达峰、阶段与平台期（二氧化碳含外购能源；终端能耗）",
    ),
    "board": (
        "Milestones of {roadmap}: {met} met, {missed} missed, {rest} not applicable",
        "里程碑（{roadmap}）：达标{met}项，未达标{missed}项，不适用{rest}项",
    ),
    "calibrate_round": (
        "{stage}: round {round}, half the sum of squares {cost}",
        "{stage}：第{round}轮，残差平方和之半 {cost}",
    ),
    "calibrate_closed": (
        "{count} factors close the national totals; those shipped change by {change} at most",
        "{count}个闭合因子使国家总量平衡；与现用值的最大差异为{change}",
    ),
    "calibrate_open": (
        "History does not narrow {count} of {total} parameters, as uncertain as before:",
        "{total}个参数中有{count}个未被历史数据约束，不确定性与原先相同：",
    ),
    "calibrate_together": (
        "Known together rather than apart (correlation):",
        "仅能联合约束的参数（相关系数）：",
    ),
    "shipped": ("shipped", "现用值"),
    "fitted": ("fitted", "校准值"),
    "interval": ("90 % interval", "90%区间"),
    "narrowing": ("against prior", "与先验之比"),
    "verdict": ("verdict", "判定"),
    "study_start": (
        "{method} over {groups} groups: {runs} scenarios, to {folder}",
        "{method}方法，{groups}组输入，共{runs}个情景，写入 {folder}",
    ),
    "study_failed": (
        "No trajectory or row of the base sample has all its runs; the reasons are in {folder}",
        "没有任何一组完整的模拟，原因见 {folder}",
    ),
    "study_mu_star": (
        "{output} = {expression}: mean size of the effect over each range (90 % confidence)",
        "{output} = {expression}：各输入在其区间内的平均效应（90%置信）",
    ),
    "study_ST": (
        "{output} = {expression}: total share of the variance (90 % confidence)",
        "{output} = {expression}：对方差的总贡献（90%置信）",
    ),
    "effects": (
        "What matters most for net CO2 in {year}: {count} assumptions, one at a time",
        "对{year}年净排放影响最大的假设（{count}项，逐项变动）",
    ),
    "assumption": ("assumption", "假设"),
    "at_low": ("at its low end [Mt]", "取下限（百万吨）"),
    "at_high": ("at its high end [Mt]", "取上限（百万吨）"),
    "ensemble_start": (
        "{members} members over {inputs} uncertainties, to {folder}",
        "对{inputs}项不确定性抽取{members}个成员，写入 {folder}",
    ),
    "ensemble_bands": (
        "Median of {members} members (5 % … 95 %); {failed} failed",
        "{members}个成员的中位数（5%…95%分位），失败{failed}个",
    ),
    "ensemble_holds": (
        "Bands hold what parameters leave open, not what the model lacks (hindcast --members).",
        "区间反映参数的不确定性，不含模型自身缺失的部分（见 hindcast --members）。",
    ),
    "ensemble_chances": ("Probability of the milestones", "各里程碑的达成概率"),
    "ensemble_effective": (
        "Weighted by their own past, power {power}: {members} count as {effective} equal ones.",
        "按各成员自行模拟的历史加权（似然指数{power}）；{members}个成员相当于{effective}个等权成员。",
    ),
    "ensemble_thin": (
        "Note: {effective} is few for bands; run more members, or --weights equal.",
        "注意：{effective}个对区间而言偏少；请增加成员，或用 --weights equal。",
    ),
    "ensemble_failed": (
        "no member of the ensemble ran to its end; the reasons are in {folder}",
        "没有成员运行成功，原因见 {folder}",
    ),
    "probability": ("probability", "概率"),
    "sweep_start": (
        "{scenarios} scenarios of {inputs} inputs, to {folder}",
        "共{scenarios}个情景、{inputs}个输入变量，写入 {folder}",
    ),
    "sweep_progress": (
        "{done} of {total} scenarios, {rate:.1f} a second, {left} left",
        "已完成 {done}/{total} 个情景，每秒 {rate:.1f} 个，剩余 {left}",
    ),
    "sweep_done": (
        "{done} scenarios are in {folder}; {failed} of them failed",
        "{folder} 中已有{done}个情景，其中失败{failed}个",
    ),
    "sweep_nothing": (
        "Everything was there already: {folder}",
        "结果已全部存在，无需计算：{folder}",
    ),
    "sweep_failed": ("scenario {number} failed: {text}", "情景{number}失败：{text}"),
    "sweep_more": (
        "{count} more failed; the reasons are in {folder}",
        "另有{count}个失败，原因见 {folder}",
    ),
    "sweep_stopped": (
        "stopped; finished batches are kept in {folder}. To go on: {command}",
        "已停止；已完成的批次保存在 {folder}。继续：{command}",
    ),
    "written": ("Written to {folder}", "已写入 {folder}"),
    "warning": ("warning: {text}", "提示：{text}"),
    "not_active": (
        "{name} is set, but not yet active: the model has no such mechanism yet.",
        "{name}已设定，但模型尚无相应机制，暂不起作用。",
    ),
    "running": ("Simulating {name} ...", "正在模拟 {name} ……"),
    "failed": ("{name} failed: {text}", "{name} 失败：{text}"),
    "fine": ("{file} is a valid scenario.", "{file} 是有效的情景文件。"),
    "changes": (
        "Against what it extends, {name} changes {count} parameters:",
        "{name}相对其上级情景改变了{count}个参数：",
    ),
    "changes_nothing": (
        "{name} changes nothing against what it extends.",
        "{name}相对其上级情景没有任何改变。",
    ),
    "extends_nothing": (
        "{name} extends nothing; it sets {count} parameters otherwise than the data.",
        "{name}没有上级情景；有{count}个参数与基础数据不同。",
    ),
    "input_differs": (
        "Input of {name} that differs from {baseline}: {count} parameters",
        "{name}与{baseline}的输入差异：{count}个参数",
    ),
    "outcome": ("Outcome, and difference to {baseline}", "结果，以及与{baseline}之差"),
    "same_milestones": (
        "All scenarios fare alike with every milestone.",
        "各情景的里程碑结果完全相同。",
    ),
    "differing_milestones": ("Milestones that tell them apart", "结果不同的里程碑"),
    "card_units": (
        "kg CO2 of one product; factors of {name}, in use projected from the year of sale",
        "单件产品碳排放（kg CO2）；采用{name}的排放因子，使用阶段按销售年份起的预测因子计算",
    ),
    "stage_of_life": ("stage", "阶段"),
    "factors_of": ("factors of {year}", "{year}年因子"),
    "sold_in": ("sold in {year}", "{year}年销售"),
    "whole_life": ("whole life", "全生命周期"),
    "costs": (
        "Cost against {baseline}, {first} to {last}; cost and tonnes discounted at {rate} %/yr",
        "相对{baseline}的成本（{first}–{last}年；成本与减排量均按每年{rate} %折现）",
    ),
    "extra_cost": ("extra system cost", "增加的系统成本"),
    "carbon_payments": (
        "extra carbon payments (a transfer, not a cost)",
        "增加的碳支付（转移支付，不计入成本）",
    ),
    "avoided": ("net CO2 avoided", "减少的二氧化碳净排放"),
    "abatement_cost": ("abatement cost", "减排成本"),
    "content": (
        "Content of the {boundary} stages of {name} against {baseline} [% of all groups]",
        "{name}各阶段减排构成（相对{baseline}；{boundary}；占各组合计的百分比）",
    ),
    "boundary.declared": ("declared", "路线图划定阶段"),
    "boundary.computed": ("computed", "按轨迹计算的阶段"),
    "content.share": ("avoided", "累计减排"),
    "content.increment": ("added", "新增减排"),
    "content.expected": (
        "{stage}: {group} {found} %, expected {least}; {named} % without the price of carbon",
        "{stage}：{group}{found} %，预期{least}；不计碳价时{named} %",
    ),
    "content.leads": ("to lead", "居首"),
    "content.above": ("above {percent} %", "高于{percent} %"),
    "peak_year": ("peak year", "达峰年份"),
    "twice": ("the scenario {name} is named twice", "情景{name}重复"),
    "two_needed": (
        "a comparison needs at least two scenarios, or one and --with FILE",
        "对比至少需要两个情景，或一个情景加上 --with 文件",
    ),
    "variable": ("variable", "变量"),
    "published": (
        "\nBeside {file}: ours less theirs",
        "\n与{file}对照：本模型减去已发布值",
    ),
    "published_pair": ("{name} less {pathway}", "{name}减去{pathway}"),
    "published_note": (
        "mean: size of the difference, year by year; weighted: all of it over all published",
        "平均：逐年绝对百分比差异的平均；加权：绝对差异之和与已发布值之和的比值",
    ),
    "published_more": (
        "{count} more rows are in {file}",
        "其余{count}行见{file}",
    ),
    "published_left_out": (
        "Variables of the file without a counterpart here ({count}): {names}",
        "文件中在本模型无对应的变量（{count}个）：{names}",
    ),
    "interrupted": (
        "interrupted; no half-written results are left",
        "已中断；未留下不完整的结果",
    ),
    "bug": (
        "internal error: {text}\nThis is a fault of the program. SHUANGTAN_DEBUG=1 shows it.",
        "内部错误：{text}\n这是程序的缺陷。设置SHUANGTAN_DEBUG=1可查看位置。",
    ),
    "exists_folder": ("there are no results in {folder}", "{folder}中没有结果"),
    "app_ready": (
        "{count} policies to move at {address} (Ctrl-C ends it).",
        "可调整{count}项政策：{address}（Ctrl-C结束）。",
    ),
    "app_open": (
        "Whoever reaches {address} can run scenarios here.",
        "凡能访问{address}者均可在此运行情景。",
    ),
}
