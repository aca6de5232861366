"""Values for every kind of licence and every document of the pack of government services."""

from typing import Any

LICENCES: dict[str, dict[str, Any]] = {
    "business-licence": {
        "company_type": "有限责任公司（自然人投资或控股）",
        "legal_representative": "林晓峰",
        "registered_capital": 500_000_000,
        "founded_on": "2026-03-02",
        "address": "云州市清江区创新路 10 号",
        "other_addresses": ["清江区江滨路 3 号", "清江区柳岸街 21 号"],
        "scope": "许可项目：食品销售；餐饮服务。一般项目：会议及展览服务；企业管理咨询。",
    },
    "food-business-licence": {
        "category": "2",
        "category_name": "餐饮服务经营者",
        "legal_representative": "林晓峰",
        "address": "云州市清江区创新路 10 号",
        "place": "云州市清江区江滨路 3 号一层",
        "items": ["热食类食品制售", "冷食类食品制售（含冷加工糕点）", "自制饮品制售"],
        "supervisor": "清江区市场监督管理局柳岸所",
    },
    "public-place-hygiene-permit": {
        "legal_representative": "林晓峰",
        "place": "云州市清江区江滨路 3 号",
        "items": ["宾馆", "理发店"],
        "area": "860 平方米",
    },
    "industry-comprehensive-permit": {
        "industry": "餐饮业（中型饭店）",
        "legal_representative": "林晓峰",
        "place": "云州市清江区江滨路 3 号一层",
        "permits": ["食品经营许可", "户外招牌设置备案", "公众聚集场所投入使用、营业前消防安全检查"],
        "items": ["热食类食品制售", "冷食类食品制售"],
    },
}
_CASE = {"matter": "食品经营许可（新办）", "case_no": "QJ-2026-000123"}
_APPLIED = {**_CASE, "applied_on": "2026-03-02"}
DECISIONS: dict[str, dict[str, Any]] = {
    "acceptance-notice": {
        **_APPLIED,
        "statutory_limit": "20个工作日",
        "promised_limit": "5个工作日",
        "due_on": "2026-03-09",
        "materials": ["食品经营许可申请书", "经营场所平面图", "食品安全管理制度目录"],
    },
    "correction-notice": {
        **_APPLIED,
        "missing": ["经营场所平面图没有标明专间位置", "食品安全管理人员没有签名"],
        "due_on": "2026-03-16",
        "how": "在“我的办件”中上传，或交到政务服务中心综合窗口",
    },
    "suspension-notice": {
        **_CASE,
        "step": "专家评审",
        "from_on": "2026-03-05",
        "needed": "10个工作日",
    },
    "extension-notice": {
        **_CASE,
        "reason": "现场核查发现的布局问题需要复核",
        "days": "10个工作日",
        "due_on": "2026-04-13",
        "approver": "高建国",
    },
    "permit-decision": {
        **_APPLIED,
        "content": "准予在云州市清江区江滨路3号一层从事餐饮服务经营，经营项目为热食类、冷食类食品制售。",
        "licence_name": "食品经营许可证",
        "licence_number": "JY23397050000014",
        "ground": "《中华人民共和国食品安全法》第三十五条",
        "conditions": ["在经营场所的显著位置摆放许可证", "许可事项变化后及时申请变更"],
    },
    "refusal-decision": {
        **_APPLIED,
        "reasons": ["经营场所与有毒有害场所的距离不符合规定", "没有与经营品种相适应的贮存条件"],
        "ground": "《中华人民共和国食品安全法》第三十三条",
        "review_organ": "清江区人民政府",
        "court": "清江区人民法院",
    },
    "deregistration-notice": {
        "name": "甲公司",
        "code": "91339705MA00000017",
        "case_no": "QJ-2026-000200",
        "applied_on": "2026-03-02",
        "procedure": "简易注销",
        "ground": "市场主体登记管理条例第三十三条",
    },
}
