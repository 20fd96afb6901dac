"""Chinese or English: which one, and every sentence of the command line in both."""

import os
from collections.abc import Mapping, Sequence
from typing import Final, Literal

Language = Literal["en", "zh"]


def language_of(
    arguments: Sequence[str], environment: Mapping[str, str] = os.environ
) -> Language:
    """Find the language: ``--lang`` if it is given, else the locale's."""
    for place, word in enumerate(arguments):
        if word == "--lang" and place + 1 < len(arguments):
            return "zh" if arguments[place + 1] == "zh" else "en"
        if word.startswith("--lang="):
            return "zh" if word == "--lang=zh" else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    return "en"


def say(key: str, language: Language, **values: object) -> str:
    """Return a sentence, with its values filled in."""
    en, zh = TEXTS[key]
    return (zh if language == "zh" else en).format(**values)


TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    # help
    "shuangtan": (
        "Decarbonisation pathways of China's industry to 2060: YAML in, a scored pathway out.",
        "中国工业减碳路径模拟（至2060年）：输入YAML情景，输出对照里程碑评分的路径。",
    ),
    "list": ("List scenarios, roadmaps and policies.", "列出情景、路线图和政策。"),
    "run": (
        "Simulate scenarios, write results, print the headline table and the scoreboard.",
        "模拟情景、写出结果，并显示主要结果和里程碑评分。",
    ),
    "compare": (
        "Put scenarios side by side: what differs in the input and in the outcome.",
        "对比多个情景：输入有何不同，结果有何不同。",
    ),
    "sweep": (
        "Run many scenarios from one file into a store; stop and go on at any time.",
        "按一个文件批量模拟大量情景并存入数据库；可随时中断和继续。",
    ),
    "sensitivity": (
        "Say which of the things that vary matters, for which output and when.",
        "分析各输入对各输出、各年份的影响大小（敏感性分析）。",
    ),
    "check": (
        "Check a scenario file and say what it changes.",
        "检查情景文件，并说明其改变了什么。",
    ),
    "explain": (
        "Say where a number comes from: value, unit, range, source and the files that set it.",
        "说明一个数值的来历：取值、单位、范围、来源和设定它的文件。",
    ),
    "schema": (
        "Print the JSON Schema of scenario files, for editors.",
        "输出情景文件的JSON Schema，供编辑器使用。",
    ),
    "hindcast": (
        "Hold the model against observed history; with --until against years it did not see.",
        "将模型与历史观测对照；用--until则与模型未见过的年份对照。",
    ),
    "calibrate": (
        "Fit parameters to history and say which of them history tells nothing of.",
        "按历史数据校准参数，并说明哪些参数数据无法约束。",
    ),
    "report": (
        "Write the report anew from saved results; several results give one page for all.",
        "由已保存的结果重新生成报告；多个结果合成一份报告。",
    ),
    "export": ("Hand results on as tidy CSV.", "将结果导出为整齐的CSV表。"),
    "option.lang": (
        "Language: zh or en. [default: the locale's]",
        "语言：zh或en。[默认：系统语言]",
    ),
    "option.quiet": ("Print nothing but errors.", "只显示错误。"),
    "option.json": ("Print JSON for programs.", "输出JSON供程序读取。"),
    "option.out": ("Folder to write to.", "写出结果的文件夹。"),
    "option.set": (
        "Change one setting, e.g. carbon_price_floor.schedule=300. May be repeated.",
        "修改一项设定，如carbon_price_floor.schedule=300。可重复使用。",
    ),
    "option.engine": (
        "Solver: reference controls its errors, batch takes fixed steps.",
        "求解器：reference自动控制误差，batch为固定步长。",
    ),
    "option.workers": ("Processes that work; one unless given.", "并行进程数，默认1个。"),
    "option.scheduler": (
        "Dask scheduler that works instead: its address, or its file.",
        "改由Dask集群计算：调度器地址或调度文件。",
    ),
    "option.batch": ("Scenarios in a batch; 256 unless given.", "每批情景数，默认256个。"),
    "option.resume": ("Go on with an unfinished sweep.", "继续未完成的批量模拟。"),
    "option.until": (
        "Last year of observations that is used. [default: all]",
        "使用观测数据的最后年份。[默认：全部]",
    ),
    "option.stage": ("Fit this stage only.", "仅校准此阶段。"),
    "option.ensemble": (
        "Run N members over what is not known, too: bands and probabilities.",
        "另运行N个成员以反映不确定性，给出区间与概率。",
    ),
    "option.weights": (
        "Whether members count by how well they tell the past, or all alike.",
        "成员按其再现历史的程度加权，或等权。",
    ),
    "option.seed": ("Whole number from which members are drawn.", "抽取成员的随机种子。"),
    "option.members": (
        "Also run N members over what was not known, for bands of 90 %.",
        "另运行N个成员以反映当时的未知，给出90%区间。",
    ),
    "option.rolling": (
        "Do the same for 2018, 2019, 2020, 2021 and 2022.",
        "依次以2018至2022年为最后已知年份。",
    ),
    "option.no_report": (
        "Write no figures and no report.",
        "不生成图和报告。",
    ),
    "option.baseline": (
        "Scenario that the others are held against. [default: the first]",
        "作为基准的情景。[默认：第一个]",
    ),
    "option.scenario": ("Explain the value in this scenario.", "说明该情景中的取值。"),
    "option.format": (
        "Form: a tidy table, the exchange table of the IAM consortium (wide or long), Excel.",
        "格式：整洁表、IAM联盟交换表（宽表或长表）或Excel工作簿。",
    ),
    "option.explained": (
        "NAME | mechanism ID | fact ID | product NAME",
        "名称 | mechanism ID | fact ID | product 名称",
    ),
    "explain_words": (
        "explain takes one name, or `mechanism ID`, or `fact ID`, or `product NAME`",
        "explain后须为一个名称，或mechanism ID、fact ID、product 名称",
    ),
    # mechanisms and facts of the documents
    "named.kind": ("kind", "类别"),
    "named.sector": ("sector", "行业"),
    "named.value": ("value", "数值"),
    "named.year": ("year", "年份"),
    "named.source": ("source", "出处"),
    "named.note": ("note", "说明"),
    "named.represented_by": ("represented by", "体现方式"),
    "named.used_as": ("used as", "用途"),
    "named.unset": ("not set", "未设定"),
    "named.more": ("and {count} more parameters", "以及另外{count}个参数"),
    "named.technology_lever": ("technology lever", "技术措施"),
    "named.digital_lever": ("digital lever", "数字化措施"),
    "named.policy_target": ("policy target", "政策目标"),
    "named.structural_lever": ("structural lever", "结构调整措施"),
    "named.circularity_lever": ("circularity lever", "循环利用措施"),
    "named.feedback": ("feedback", "反馈机制"),
    "named.market_mechanism": ("market mechanism", "市场机制"),
    "named.roadmap_stage": ("roadmap stage", "路线图阶段"),
    "named.policy": ("policy", "政策"),
    "named.setting": ("setting", "设定项"),
    "named.parameter": ("parameter", "参数"),
    "named.loop": ("feedback loop", "反馈回路"),
    "named.milestone": ("milestone", "里程碑"),
    "named.variable": ("variable", "变量"),
    "named.outside": ("nothing (outside the model)", "无（超出模型范围）"),
    "named.calibration": ("calibration", "校准"),
    "named.validation": ("validation", "检验"),
    "named.unused": ("nothing (not used)", "未使用"),
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
    "with_drivers": ("known drivers", "驱动已知"),
    "last_value": ("last value", "末值"),
    "trend": ("trend", "趋势"),
    "worst_bar": ("worst / bar", "最大/允许"),
    "hindcast_until": (
        "--out, --engine and --members belong to --until YEAR or --rolling",
        "--out、--engine与--members须与--until YEAR或--rolling一同使用",
    ),
    "hindcast_years": (
        "--until takes a year from {first} to {last}: it needs years before and after it",
        "--until须在{first}至{last}年之间：前后均须有观测年份",
    ),
    "heldout": (
        "{name}, known to {until}: mean absolute error of the years after it",
        "{name}：以{until}年为已知终点，其后各年平均绝对误差",
    ),
    "heldout_better": (
        "Better than both yardsticks in {better} of {count} series; two thirds: {verdict}.",
        "{count}个序列中有{better}个优于两把标尺；三分之二的要求：{verdict}。",
    ),
    "heldout_missing": (
        "{name}: what is missing: {lacks}.",
        "{name}：所缺机制：{lacks}。",
    ),
    "heldout_unexplained": ("nothing here explains it", "此处无解释"),
    "heldout_bands": (
        "90 % bands of {members} runs hold {share} % of points; {least}-{most} %: {verdict}.",
        "{members}个成员的90%区间涵盖{share}%的实测点；要求{least}%至{most}%：{verdict}。",
    ),
    "heldout_bands_missing": (
        "They leave out what no parameter holds: programmes, subsidies, downturns.",
        "区间不含任何参数都未反映的因素：专项计划、补贴与经济下行。",
    ),
    "heldout_bands_observed": (
        "With the errors of the statistics they hold {share} %.",
        "计入统计误差后涵盖{share}%。",
    ),
    "heldout_offset": (
        "Errors offset each other: the parts of CO2 are off by {parts} Mt, it by {total} Mt.",
        "误差相互抵消：各燃料与过程的偏差合计{parts}百万吨，总量偏差{total}百万吨。",
    ),
    "heldout_foreknown": (
        "Policies that act as known: {names}.",
        "视为已知的政策：{names}。",
    ),
    "heldout_drivers": (
        "Population and product follow their trend of that time; `known drivers`: as observed.",
        "人口与国内生产总值沿当时趋势；“驱动已知”一列取实测值。",
    ),
    "heldout_hindsight": (
        "No constant is fitted anew; {count} groups of them were set with later years in view.",
        "常数均未重新拟合；其中{count}组在设定时参考了此后年份。",
    ),
    "heldout_rolling": (
        "Mean absolute error by last known year; * is better than both yardsticks",
        "按最后已知年份的平均绝对误差；*表示优于两把标尺",
    ),
    "largest_share": ("largest share", "最大占比"),
    "printed": ("printed", "文献值"),
    "modelled": ("model", "模型值"),
    "in_range": ("range", "区间内"),
    "met": ("met", "达标"),
    "missed": ("missed", "未达标"),
    "not represented": ("not represented", "未建模"),
    "documents_sum": (
        "Of {count} numbers {met} are met, {missed} are missed, {without} have no counterpart.",
        "{count}项中{met}项达标，{missed}项未达标，{without}项未建模。",
    ),
    "reported": ("reported", "公布值"),
    "error": ("error", "误差"),
    "change": ("change on the year before", "同比变化"),
    "points": ("{value} points", "{value} 个百分点"),
    "free_year": (
        "{year}, the first year that no observation drives, beside what was published since",
        "{year}年（首个不受观测驱动的年份）与其后公布数据对照",
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
    "ensemble_start": (
        "{members} members over {inputs} uncertainties, to {folder}",
        "对{inputs}项不确定性抽取{members}个成员，写入 {folder}",
    ),
    "ensemble_bands": (
        "Median of {members} members (5 % … 95 %); {failed} failed",
        "{members}个成员的中位数（5%…95%分位），失败{failed}个",
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
    "peak_year": ("peak year", "达峰年份"),
    "twice": ("the scenario {name} is named twice", "情景{name}重复"),
    "two_needed": (
        "a comparison needs at least two scenarios",
        "对比至少需要两个情景",
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
}
"""Every sentence, in English and in Chinese."""
